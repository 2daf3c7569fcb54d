/** What JMH generates: its code knows nothing of null annotations. */
@NullUnmarked
package dev.sampan.benchmarks.jmh_generated;

import org.jspecify.annotations.NullUnmarked;
