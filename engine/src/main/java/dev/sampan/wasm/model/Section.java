package dev.sampan.wasm.model;

/**
 * Where a section lies in a binary module.
 *
 * @param kind which section
 * @param name the custom section's name, else the kind's
 * @param offset the first byte of the content, behind the section's size
 * @param size the number of bytes of the content
 */
public record Section(SectionKind kind, String name, int offset, int size) {}
