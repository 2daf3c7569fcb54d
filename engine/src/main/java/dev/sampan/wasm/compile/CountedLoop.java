package dev.sampan.wasm.compile;

/** What was found out about a loop's counter. */
record CountedLoop() {}
