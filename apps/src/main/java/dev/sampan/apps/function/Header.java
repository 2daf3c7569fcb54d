package dev.sampan.apps.function;

/** A header field of a request or response. */
public record Header(String name, String value) {}
