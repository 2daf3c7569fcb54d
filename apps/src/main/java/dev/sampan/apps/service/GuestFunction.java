package dev.sampan.apps.service;

import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.ExternFuncType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.NumType;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The functions that a guest may import from the framework, with the names and types that guests of
 * the Micro Runtime know, and one more. They take numbers, of which some are addresses.
 */
enum GuestFunction {
  REGISTER_RESOURCE("wasm_register_resource", 1, false),
  POST_REQUEST("wasm_post_request", 2, false),
  SEND_RESPONSE("wasm_response_send", 2, true),
  SUBSCRIBE("wasm_sub_event", 1, false),
  CREATE_TIMER("wasm_create_timer", 3, true),
  CANCEL_TIMER("wasm_timer_cancel", 1, false),
  DESTROY_TIMER("wasm_timer_destroy", 1, false),
  RESTART_TIMER("wasm_timer_restart", 2, false),
  TICK("wasm_get_sys_tick_ms", 0, true),
  OPEN_SENSOR("wasm_sensor_open", 2, true),
  CONFIGURE_SENSOR("wasm_sensor_config", 4, true),
  ADVISE_SENSOR("wasm_sensor_config_with_attr_container", 3, true),
  CLOSE_SENSOR("wasm_sensor_close", 1, true),
  OPEN_CONNECTION("wasm_open_connection", 3, true),
  CLOSE_CONNECTION("wasm_close_connection", 1, false),
  SEND("wasm_send_on_connection", 3, true),
  CONFIGURE_CONNECTION("wasm_config_connection", 3, true),
  /** Ours: who has sent the datagram that is just being handled. */
  SOURCE("sampan_connection_source", 3, true);

  /** The module name that guests import. */
  static final String MODULE = "env";

  private static final Map<String, GuestFunction> BY_NAME = new HashMap<>();

  static {
    for (GuestFunction each : values()) {
      BY_NAME.put(each.word, each);
    }
  }

  private final String word;
  private final FuncType type;

  GuestFunction(String word, int parameters, boolean returns) {
    this.word = word;
    this.type =
        new FuncType(
            Collections.nCopies(parameters, NumType.I32),
            returns ? List.of(NumType.I32) : List.of());
  }

  /** Its name. */
  String word() {
    return word;
  }

  /** Its type. */
  FuncType type() {
    return type;
  }

  /** Whether it returns a number. */
  boolean returns() {
    return !type.results().isEmpty();
  }

  /** The function that an import means; older compilers put an underscore before its name. */
  static Optional<GuestFunction> of(ImportType wanted) {
    if (!wanted.module().equals(MODULE)) {
      return Optional.empty();
    }
    GuestFunction exact = BY_NAME.get(wanted.name());
    return exact != null || !wanted.name().startsWith("_")
        ? Optional.ofNullable(exact)
        : Optional.ofNullable(BY_NAME.get(wanted.name().substring(1)));
  }

  /** Whether an import declares it with its type. */
  boolean matches(ImportType wanted) {
    return wanted.type() instanceof ExternFuncType(DefType declared)
        && declared.composite() instanceof FuncType function
        && function.equals(type);
  }
}
