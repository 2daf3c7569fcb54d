package dev.sampan.wasm.model;

import org.jspecify.annotations.Nullable;

/**
 * A table that a module makes.
 *
 * @param type its type
 * @param init the value of its first elements, or null for null references
 */
public record TableDefinition(TableType type, @Nullable Expr init) {}
