/**
 * A bridge between the host's events and a broker of MQTT 5. {@link
 * dev.sampan.apps.mqtt.MqttBridge} is all of it. Knows the event bus and no apps; nobody else knows
 * the client's library.
 */
@NullMarked
package dev.sampan.apps.mqtt;

import org.jspecify.annotations.NullMarked;
