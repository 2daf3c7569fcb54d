/**
 * Apps that run for something other than a request: at times, or for events. What runs is a {@link
 * dev.sampan.apps.function.Function} that has jobs; this package knows when.
 */
@NullMarked
package dev.sampan.apps.job;

import org.jspecify.annotations.NullMarked;
