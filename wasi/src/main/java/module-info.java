/**
 * WASI: the interface between a guest and an operating system, made of nothing but what the host
 * granted; and a C library for guests that do without.
 */
module dev.sampan.wasi {
  requires transitive dev.sampan.wasm;
  requires static org.jspecify;

  exports dev.sampan.wasi;
}
