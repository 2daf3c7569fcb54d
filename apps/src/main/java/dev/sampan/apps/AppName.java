package dev.sampan.apps;

import java.util.regex.Pattern;

/**
 * The rule for names of apps: 1 to 63 lower-case letters, digits and hyphens, with a letter or
 * digit at both ends. Such a name can be part of a path, a URL, a host name and a metric as it is.
 */
public final class AppName {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private AppName() {}

  /**
   * The name, if it is one.
   *
   * @throws AppException if it is none
   */
  public static String require(String name) {
    if (!NAME.matcher(name).matches()) {
      String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
      throw AppException.invalid(
          "expected a name of 1 to 63 lower-case letters, digits and hyphens, found '"
              + shown
              + "'");
    }
    return name;
  }
}
