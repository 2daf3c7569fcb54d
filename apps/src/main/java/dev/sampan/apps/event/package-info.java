/**
 * Events between apps, and between apps and the world: who publishes knows a topic, not who
 * listens.
 *
 * <p>This package knows no apps, no guests and no network; whoever subscribes keeps a queue of its
 * own.
 */
@NullMarked
package dev.sampan.apps.event;

import org.jspecify.annotations.NullMarked;
