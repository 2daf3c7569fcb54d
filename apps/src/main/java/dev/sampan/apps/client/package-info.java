/**
 * The other end of the management: asks a host that runs, on this machine or another one. Knows
 * nothing of what a host is made of.
 */
@NullMarked
package dev.sampan.apps.client;

import org.jspecify.annotations.NullMarked;
