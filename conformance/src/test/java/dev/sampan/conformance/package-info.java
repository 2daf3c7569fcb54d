/** Proof: the specification's suites, mutated modules, hostile modules, real programs. */
@NullMarked
package dev.sampan.conformance;

import org.jspecify.annotations.NullMarked;
