/** The JSON form of what is kept and sent. Knows neither where it is kept nor who asks for it. */
@NullMarked
package dev.sampan.apps.json;

import org.jspecify.annotations.NullMarked;
