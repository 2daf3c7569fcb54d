/**
 * Apps for those who look into the Java virtual machine: a bean for each, as long as it is there.
 * {@link dev.sampan.apps.jmx.AppBeans} registers them.
 */
@NullMarked
package dev.sampan.apps.jmx;

import org.jspecify.annotations.NullMarked;
