package dev.sampan.wasm.binary;

import dev.sampan.wasm.MalformedException;
import dev.sampan.wasm.binary.Names.InnerSpace;
import dev.sampan.wasm.binary.Names.Space;
import dev.sampan.wasm.model.CustomSection;
import dev.sampan.wasm.model.ModuleDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The custom section that says what things are called (Appendix › Custom Sections › Name Section),
 * with the subsections of the extended-name-section proposal.
 */
public final class NameSection {

  /** The section's name. */
  public static final String NAME = "name";

  private static final int MODULE = 0;

  private NameSection() {}

  /** The names that a module carries; none if it has no name section. */
  public static Names of(ModuleDefinition module) {
    for (CustomSection section : module.customs()) {
      if (section.name().equals(NAME)) {
        return read(section);
      }
    }
    return new Names();
  }

  /** The name that a module gives itself, without a look at all the other names. */
  public static Optional<String> moduleName(ModuleDefinition module) {
    for (CustomSection section : module.customs()) {
      if (section.name().equals(NAME)
          && section.size() > 0
          && section.bytes()[section.start()] == MODULE) {
        ByteReader in = new ByteReader(section.bytes(), section.start() + 1, section.end());
        try {
          in.u32();
          return Optional.of(name(in)).filter(name -> !name.isBlank());
        } catch (MalformedException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a name section. Debug information must not keep a module from running, so that reading
   * ends without an error at the first thing that is wrong; what came before counts.
   */
  public static Names read(CustomSection section) {
    Names names = new Names();
    try {
      ByteReader in = new ByteReader(section.bytes(), section.start(), section.end());
      while (in.hasMore()) {
        int id = in.u8();
        int size = in.u32();
        int start = in.position();
        in.skip(size);
        subsection(id, new ByteReader(section.bytes(), start, in.position()), names);
      }
    } catch (MalformedException e) {
      return names;
    }
    return names;
  }

  private static void subsection(int id, ByteReader in, Names names) {
    if (id == MODULE) {
      names.module(name(in));
      return;
    }
    for (Space space : Space.values()) {
      if (space.subsection() == id) {
        int count = in.count();
        for (int i = 0; i < count; i++) {
          int index = in.u32();
          names.put(space, index, name(in));
        }
      }
    }
    for (InnerSpace space : InnerSpace.values()) {
      if (space.subsection() == id) {
        inner(space, in, names);
      }
    }
  }

  private static void inner(InnerSpace space, ByteReader in, Names names) {
    int owners = in.count();
    for (int i = 0; i < owners; i++) {
      int owner = in.u32();
      int count = in.count();
      for (int j = 0; j < count; j++) {
        int index = in.u32();
        names.put(space, owner, index, name(in));
      }
    }
  }

  private static String name(ByteReader in) {
    int length = in.u32();
    int start = in.position();
    in.skip(length);
    return new String(in.bytes(), start, length, StandardCharsets.UTF_8);
  }

  /** The content of a name section. */
  public static byte[] write(Names names) {
    ByteWriter out = new ByteWriter();
    names
        .module()
        .ifPresent(
            name -> {
              ByteWriter content = new ByteWriter();
              content.name(name);
              subsection(out, MODULE, content);
            });
    // the subsections must come in the order of their numbers
    for (int id = 1; id <= Space.TAG.subsection(); id++) {
      for (Space space : Space.values()) {
        if (space.subsection() == id && !names.all(space).isEmpty()) {
          ByteWriter content = new ByteWriter();
          map(content, names.all(space));
          subsection(out, id, content);
        }
      }
      for (InnerSpace space : InnerSpace.values()) {
        if (space.subsection() == id) {
          inner(out, space, names);
        }
      }
    }
    return out.toByteArray();
  }

  private static void inner(ByteWriter out, InnerSpace space, Names names) {
    int count = 0;
    ByteWriter maps = new ByteWriter();
    for (int owner : names.owners(space)) {
      count++;
      maps.u32(owner);
      map(maps, names.all(space, owner));
    }
    if (count > 0) {
      ByteWriter content = new ByteWriter();
      content.u32(count);
      content.bytes(maps);
      subsection(out, space.subsection(), content);
    }
  }

  private static void map(ByteWriter out, Map<Integer, String> map) {
    out.u32(map.size());
    map.forEach(
        (index, name) -> {
          out.u32(index);
          out.name(name);
        });
  }

  private static void subsection(ByteWriter out, int id, ByteWriter content) {
    out.u8(id);
    out.sized(content);
  }
}
