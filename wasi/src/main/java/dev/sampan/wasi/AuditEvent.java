package dev.sampan.wasi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One decision about what a guest wanted to do with something outside of it.
 *
 * @param call the function that the guest called, such as {@code path_open}
 * @param arguments what matters of its arguments, by name, in a fixed order; paths and addresses as
 *     the guest knows them
 * @param allowed whether it was let through; it can still fail as it can for every program
 * @param needed for a refusal, the grant or limit that would have let it through
 */
public record AuditEvent(
    String call, Map<String, String> arguments, boolean allowed, Optional<String> needed) {

  /** Keeps the order of the arguments. */
  public AuditEvent {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
  }
}
