/**
 * The Maven plugin: finds modules, and hands each to the {@code sampan} command in a process of its
 * own, because the engine needs a newer JDK than Maven may run on.
 */
@NullMarked
package dev.sampan.maven;

import org.jspecify.annotations.NullMarked;
