/**
 * Keeps generated classes between runs: in a folder on disk, or in a jar that was compiled ahead of
 * time.
 *
 * <p>It must not know what the classes are or how they are made; the compiler speaks to it through
 * {@link dev.sampan.wasm.cache.ClassStore}. Nothing in here may break a run: what cannot be read is
 * not there, and what cannot be written is not kept.
 */
@NullMarked
package dev.sampan.wasm.cache;

import org.jspecify.annotations.NullMarked;
