/**
 * The other end of the management: asks a host that runs. Knows nothing of what a host is made of.
 */
@NullMarked
package dev.sampan.apps.client;

import org.jspecify.annotations.NullMarked;
