/**
 * What a host may have for its apps beside network and files: sensors, and serial ports. Who embeds
 * a host gives it {@link dev.sampan.apps.device.Devices}.
 *
 * <p>Knows no apps; whether one may use a device is decided before it is asked for.
 */
@NullMarked
package dev.sampan.apps.device;

import org.jspecify.annotations.NullMarked;
