/**
 * Connections of apps, of all kinds by one interface: sending never waits, and what comes is told
 * in small pieces, as fast as it is taken.
 *
 * <p>Knows no apps; whether one may have a connection is decided before it is opened.
 */
@NullMarked
package dev.sampan.apps.connect;

import org.jspecify.annotations.NullMarked;
