package dev.sampan.apps.wire;

/**
 * What a payload is. Numbers below those of the framework's own are those of CoAP (RFC 7252, 12.3).
 */
public final class Format {

  public static final int TEXT = 0;
  public static final int XML = 41;
  public static final int OCTETS = 42;
  public static final int JSON = 50;
  public static final int CBOR = 60;

  /** A file of an application. */
  public static final int FILE = 98;

  /** An {@link AttributeContainer}. */
  public static final int ATTRIBUTES = 99;

  private Format() {}
}
