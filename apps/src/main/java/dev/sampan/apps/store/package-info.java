/**
 * What the host keeps on disk: modules by their digests, and what is known of each app in a
 * journal. {@link dev.sampan.apps.store.Store} is the way in.
 *
 * <p>Whatever has been acknowledged survives the death of the process at any moment; whatever has
 * not is there as a whole or not at all. Nothing here knows what a module is or how an app runs.
 */
@NullMarked
package dev.sampan.apps.store;

import org.jspecify.annotations.NullMarked;
