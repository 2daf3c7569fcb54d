/**
 * What apps write, line by line, in files of limited size. Knows nothing of apps but their names,
 * and nothing of those who read.
 */
@NullMarked
package dev.sampan.apps.log;

import org.jspecify.annotations.NullMarked;
