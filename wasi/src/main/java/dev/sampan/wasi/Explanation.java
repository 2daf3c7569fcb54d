package dev.sampan.wasi;

import dev.sampan.wasi.libc.LibraryFunction;
import dev.sampan.wasi.preview1.SocketCall;
import dev.sampan.wasi.preview1.Syscall;
import dev.sampan.wasi.preview1.Threads;
import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.LinkException;
import dev.sampan.wasm.WasmModule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a module gets for some of its imports under a policy.
 *
 * @param purpose what the imports are needed for
 * @param imports the imports, in the module's order
 * @param granted whether they are of use: each exists, and something is granted for it
 * @param details what exactly is granted, or what is wrong; may be empty
 */
public record Explanation(
    Purpose purpose, List<ImportType> imports, boolean granted, List<String> details) {

  /** What an import is needed for. */
  public enum Purpose {
    /** The command line. */
    ARGUMENTS,
    /** Variables of the environment. */
    ENVIRONMENT,
    /** Reading and writing what is open: the standard streams, files and sockets. */
    STREAMS,
    /** Finding, opening and changing files and directories. */
    DIRECTORIES,
    /** Sockets, and names of hosts. */
    NETWORK,
    /** The time, and waiting. */
    CLOCKS,
    /** Random numbers. */
    RANDOM,
    /** Threads, and the memory that they share. */
    THREADS,
    /** Ending, and giving way to other threads; always there. */
    PROCESS,
    /** What the host provides beside WASI. */
    HOST,
    /** What nobody provides, or not of this type: the module cannot be linked. */
    MISSING
  }

  /** Keeps copies. */
  public Explanation {
    imports = List.copyOf(imports);
    details = List.copyOf(details);
  }

  static List<Explanation> of(Policy policy, WasmModule module, Imports imports) {
    Map<Purpose, List<ImportType>> groups = new EnumMap<>(Purpose.class);
    List<String> missing = new ArrayList<>();
    for (ImportType each : module.imports()) {
      Purpose purpose;
      try {
        purpose = purpose(each, imports);
        if (purpose == Purpose.MISSING) {
          missing.add(
              "nothing is known by the name \"%s\" \"%s\"".formatted(each.module(), each.name()));
        }
      } catch (LinkException e) {
        purpose = Purpose.MISSING;
        missing.add(String.valueOf(e.getMessage()));
      }
      groups.computeIfAbsent(purpose, any -> new ArrayList<>()).add(each);
    }
    List<Explanation> all = new ArrayList<>();
    groups.forEach(
        (purpose, members) ->
            all.add(
                new Explanation(
                    purpose,
                    members,
                    isGranted(purpose, policy),
                    purpose == Purpose.MISSING ? missing : details(purpose, policy))));
    return all;
  }

  private static Purpose purpose(ImportType wanted, Imports imports) {
    if (Threads.isNeededFor(wanted)) {
      return Purpose.THREADS;
    }
    if (SocketCall.of(wanted).isPresent()) {
      return Purpose.NETWORK;
    }
    return Syscall.of(wanted)
        .map(Syscall::purpose)
        .orElseGet(
            () ->
                isProvided(wanted, imports)
                    ? LibraryFunction.purpose(wanted).orElse(Purpose.HOST)
                    : Purpose.MISSING);
  }

  private static boolean isProvided(ImportType wanted, Imports imports) {
    return imports.resolve(wanted).isPresent() || imports.makes(wanted);
  }

  private static boolean isGranted(Purpose purpose, Policy policy) {
    return switch (purpose) {
      case ARGUMENTS, PROCESS, HOST -> true;
      case ENVIRONMENT -> !policy.environment().isEmpty();
      case STREAMS -> policy.stdio();
      case DIRECTORIES -> !policy.directories().isEmpty();
      case NETWORK ->
          !policy.network().isEmpty()
              || !policy.lookups().isEmpty()
              || !policy.listeners().isEmpty();
      case CLOCKS -> policy.clocks();
      case RANDOM -> policy.random();
      case THREADS -> policy.maxThreads() > 0;
      case MISSING -> false;
    };
  }

  private static List<String> details(Purpose purpose, Policy policy) {
    return switch (purpose) {
      case ARGUMENTS, STREAMS, CLOCKS, RANDOM, PROCESS, HOST, MISSING -> List.of();
      case ENVIRONMENT -> List.copyOf(policy.environment().keySet());
      case DIRECTORIES -> policy.directories().stream().map(Explanation::text).toList();
      case NETWORK -> network(policy);
      case THREADS ->
          policy.maxThreads() == 0 ? List.of() : List.of("at most " + policy.maxThreads());
    };
  }

  private static String text(Policy.DirectoryGrant grant) {
    String rights =
        switch (grant.rights()) {
          case READ_ONLY -> "read only";
          case READ_WRITE -> "read and write";
        };
    String quota =
        grant.maxBytes() == Long.MAX_VALUE
            ? ""
            : ", at most %d bytes more".formatted(grant.maxBytes());
    return "%s is %s, %s%s".formatted(grant.guest(), grant.host(), rights, quota);
  }

  private static List<String> network(Policy policy) {
    List<String> lines = new ArrayList<>();
    policy.network().forEach(grant -> lines.add(grant.toString()));
    policy.lookups().forEach(name -> lines.add("look up " + name));
    policy
        .listeners()
        .forEach(
            address ->
                lines.add(
                    "listens at %s, port %d"
                        .formatted(address.getAddress().getHostAddress(), address.getPort())));
    return lines;
  }
}
