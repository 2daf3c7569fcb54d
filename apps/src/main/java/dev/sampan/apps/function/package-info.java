/**
 * Functions: apps that run for each request. {@link dev.sampan.apps.function.Function} is one that
 * has been brought to life.
 *
 * <p>Knows what a request and a response are, but no server: that is given as a {@link
 * dev.sampan.apps.function.Responder}. How a guest gets a request is a {@link
 * dev.sampan.apps.function.CallingConvention}; there is one, and room for others.
 */
@NullMarked
package dev.sampan.apps.function;

import org.jspecify.annotations.NullMarked;
