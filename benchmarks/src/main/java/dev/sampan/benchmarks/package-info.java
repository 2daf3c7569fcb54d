/** Measurements: against native code and other engines, and of the engine's own calls. */
@NullMarked
package dev.sampan.benchmarks;

import org.jspecify.annotations.NullMarked;
