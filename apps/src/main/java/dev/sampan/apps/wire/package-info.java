/**
 * The messages that apps give each other, as they lie in the memory of guests: the layouts of the
 * app framework of the WebAssembly Micro Runtime. Every length inside of a message is checked
 * against the message.
 *
 * <p>Knows nothing of apps, instances and ways.
 */
@NullMarked
package dev.sampan.apps.wire;

import org.jspecify.annotations.NullMarked;
