/**
 * The web page of a host: what it shows, and who may see it. {@link dev.sampan.apps.page.Overview}
 * and {@link dev.sampan.apps.page.AppPage} are its pages, {@link dev.sampan.apps.page.Sessions}
 * says who may see them, {@link dev.sampan.apps.page.Samples} what there was a moment ago.
 *
 * <p>Knows no HTTP: who serves the page is {@code http}.
 */
@NullMarked
package dev.sampan.apps.page;

import org.jspecify.annotations.NullMarked;
