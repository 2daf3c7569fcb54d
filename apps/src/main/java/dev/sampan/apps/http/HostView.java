package dev.sampan.apps.http;

import dev.sampan.apps.mqtt.MqttState;
import java.time.Instant;
import java.util.Optional;

/**
 * The host as its management shows it. Where its process and its files are is the operator's
 * matter.
 *
 * @param http where functions answer
 * @param https where it is managed from the network
 * @param fingerprint of the certificate there
 * @param tenant who asks, if it is a tenant
 * @param mqtt how the bridge to a broker is, if there is one
 */
record HostView(
    String state,
    String http,
    Optional<String> https,
    Optional<String> fingerprint,
    Instant since,
    String version,
    Optional<String> tenant,
    Optional<MqttState> mqtt,
    Optional<Long> pid,
    Optional<String> socket,
    Optional<String> home,
    Optional<String> java) {

  /** The same as a tenant may see it. */
  HostView forTenant(String name) {
    return new HostView(
        state,
        http,
        https,
        fingerprint,
        since,
        version,
        Optional.of(name),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
