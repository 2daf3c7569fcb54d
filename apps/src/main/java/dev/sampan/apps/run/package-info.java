/**
 * What runs: a revision that has been brought to life. Knows the engine and WASI, but neither what
 * is kept on disk nor who asked for it.
 */
@NullMarked
package dev.sampan.apps.run;

import org.jspecify.annotations.NullMarked;
