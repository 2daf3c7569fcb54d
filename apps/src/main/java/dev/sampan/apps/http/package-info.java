/**
 * The host as a process: functions, health and metrics by HTTP, and the management by REST on a
 * Unix domain socket. {@link dev.sampan.apps.http.HostProcess} is the whole of it, {@link
 * dev.sampan.apps.http.HostServer} its servers.
 *
 * <p>Thin: what is done stands in {@link dev.sampan.apps.AppHost}. The only package that knows the
 * HTTP server.
 */
@NullMarked
package dev.sampan.apps.http;

import org.jspecify.annotations.NullMarked;
