package dev.sampan.apps.wire;

import dev.sampan.apps.event.Formats;

/** What a payload is, where that is more than {@link Formats} knows. */
public final class Format {

  /** An {@link AttributeContainer}. */
  public static final int ATTRIBUTES = 99;

  private Format() {}
}
