package dev.sampan.apps.service;

/** The rule by which a URL is one of a resource. Guests use the same rule among their handlers. */
final class ResourceUrl {

  private ResourceUrl() {}

  /**
   * Whether a URL is that of a resource, or of something below it, or has a query behind it. One
   * slash at the beginning of either does not count, nor does one at the end of the resource's. A
   * resource of which nothing is left matches nothing.
   */
  static boolean matches(String resource, String url) {
    int from = resource.startsWith("/") ? 1 : 0;
    int to = resource.length() - (resource.length() > from && resource.endsWith("/") ? 1 : 0);
    int length = to - from;
    int start = url.startsWith("/") ? 1 : 0;
    if (length == 0 || !url.regionMatches(start, resource, from, length)) {
      return false;
    }
    int end = start + length;
    return end == url.length() || url.charAt(end) == '/' || url.charAt(end) == '?';
  }
}
