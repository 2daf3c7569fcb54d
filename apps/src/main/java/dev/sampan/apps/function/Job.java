package dev.sampan.apps.function;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * Something that a guest is to do that is no request.
 *
 * @param variables variables of its environment; what was granted stands above them
 * @param input its standard input
 * @param output its standard output, which is closed when it has ended
 */
public record Job(Map<String, String> variables, InputStream input, OutputStream output) {}
