/**
 * Tenants: parties that share a host and do not see each other. A tenant has tokens, which say who
 * asks; terms, which say what all its apps may use together and be granted; and an account of what
 * they use.
 *
 * <p>This package knows neither HTTP nor how apps run: it is asked before something begins, and
 * told what was used.
 */
@NullMarked
package dev.sampan.apps.tenant;

import org.jspecify.annotations.NullMarked;
