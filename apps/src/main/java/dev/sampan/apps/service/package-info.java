/**
 * Long-lived apps with the guest interface of the WebAssembly Micro Runtime's app framework: they
 * are called when there is a request, a response, an event, a timer, a sensor's reading or data of
 * a connection, one call after the other, in one thread. {@link dev.sampan.apps.service.Service} is
 * the life of a revision, {@link dev.sampan.apps.service.ServiceRun} one run of it, {@link
 * dev.sampan.apps.service.Framework} what is between them.
 *
 * <p>Knows the engine and WASI, but neither what is kept on disk nor HTTP.
 */
@NullMarked
package dev.sampan.apps.service;

import org.jspecify.annotations.NullMarked;
