/** Compares writers of class files: our own, the JDK's and ASM, which write the same classes. */
@NullMarked
package dev.sampan.benchmarks.writers;

import org.jspecify.annotations.NullMarked;
