/**
 * What the engine tells the JDK's Flight Recorder. {@link dev.sampan.wasm.jfr.Flight} is the way
 * in: nothing else of this package is loaded as long as nobody records, and of {@code jdk.jfr} only
 * the class that knows whether somebody does. The engine works without that module, too.
 */
@NullMarked
package dev.sampan.wasm.jfr;

import org.jspecify.annotations.NullMarked;
