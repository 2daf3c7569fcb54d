package dev.sampan.apps.http;

/** What is answered to a request that fails. */
record ErrorView(What error) {

  /**
   * What has failed.
   *
   * @param status of HTTP
   * @param message why, for people
   */
  record What(int status, String message) {}
}
