/** WebAssembly in pure Java: read, check, print and run modules. */
module dev.sampan.wasm {
  requires static jdk.jfr;
  requires static org.jspecify;

  exports dev.sampan.wasm;
  exports dev.sampan.wasm.model;
  exports dev.sampan.wasm.script;
}
