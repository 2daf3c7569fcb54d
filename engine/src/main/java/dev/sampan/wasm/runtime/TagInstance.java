package dev.sampan.wasm.runtime;

import dev.sampan.wasm.GuestException;
import dev.sampan.wasm.Tag;
import dev.sampan.wasm.model.DefType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.TagType;
import org.jspecify.annotations.Nullable;

/** A tag: nothing but its identity and its type. */
public final class TagInstance implements Tag {

  private final DefType definition;

  /** A new tag of a function type. */
  public TagInstance(DefType definition) {
    this.definition = definition;
  }

  @Override
  public FuncType type() {
    return definition.function();
  }

  @Override
  public TagType externType() {
    return new TagType(definition);
  }

  @Override
  public GuestException exception(@Nullable Object... payload) {
    int count = type().parameters().size();
    if (payload.length != count) {
      throw new IllegalArgumentException(
          "the tag's payload has " + count + " values, found " + payload.length);
    }
    for (int i = 0; i < count; i++) {
      Values.check(type().parameters().get(i), payload[i]);
    }
    return new GuestException(this, payload);
  }
}
