/**
 * Who a host is, on the network: {@link dev.sampan.apps.tls.Identity}, a key with its certificates;
 * and how a client makes sure of it: {@link dev.sampan.apps.tls.Trust}.
 *
 * <p>Knows neither HTTP nor what is sent.
 */
@NullMarked
package dev.sampan.apps.tls;

import org.jspecify.annotations.NullMarked;
