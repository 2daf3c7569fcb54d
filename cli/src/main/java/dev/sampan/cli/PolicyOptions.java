package dev.sampan.cli;

import dev.sampan.apps.Permissions;
import dev.sampan.cli.Syntax.Option;
import dev.sampan.wasi.Policy;
import dev.sampan.wasm.ResourceLimits;
import java.util.List;

/**
 * The options that say what a guest may do and use. Those beside a policy's file come after it:
 * limits replace its limits, grants come on top of its grants.
 */
final class PolicyOptions {

  private static final String POLICY = "--policy";
  private static final String ENV = "--env";
  private static final String NETWORK = "--network";
  private static final String ALLOW_RESOLVE = "--allow-resolve";
  private static final String ADDR_POOL = "--addr-pool";
  private static final String LISTEN = "--listen";
  private static final String DENY = "--deny";
  private static final String DIR = "--dir";

  /** How deep a guest's calls may go, in bytes of stack; native programs have an eighth. */
  private static final int STACK_BYTES = 64 << 20;

  /** What a guest is given if nobody says anything. */
  static final Policy STANDARD =
      Policy.standard().limits(ResourceLimits.DEFAULT.maxStack(STACK_BYTES / Limit.VALUE_BYTES));

  /** What an app has unless it is refused. */
  private static final List<String> OF_APPS = List.of("clocks", "random");

  private PolicyOptions() {}

  /** Adds those of a guest that the command runs itself. */
  static void addTo(Syntax syntax) {
    addGrants(syntax, List.of("stdio", "clocks", "random"));
    for (Limit limit : Limit.values()) {
      syntax.option(limit.option(STANDARD));
    }
  }

  /** Adds those of an app: the host has a place for its output, and a stack for all alike. */
  static void addForApps(Syntax syntax) {
    addGrants(syntax, OF_APPS);
    for (Limit limit : Limit.values()) {
      if (limit != Limit.MAX_STACK) {
        syntax.option(limit.option(Permissions.NONE.policy()));
      }
    }
  }

  private static void addGrants(Syntax syntax, List<String> standard) {
    syntax
        .option(
            Option.value(
                POLICY,
                "FILE",
                "Take grants and limits from a file in TOML, whose keys are named as these"
                    + " options. Limits beside it replace those of the file, grants are added."))
        .option(
            Option.value(
                    DIR,
                    "HOST[::GUEST][:ro]",
                    "Grant the folder HOST, under the name GUEST if one is given; :ro forbids"
                        + " changes.",
                    "May be given several times. Without it the guest sees no file.")
                .repeated())
        .option(
            Option.value(
                    ENV,
                    "NAME[=VALUE]",
                    "Set an environment variable, or let the guest see that of the command; no"
                        + " other is visible.")
                .repeated())
        .option(
            Option.value(
                    NETWORK,
                    "GRANT",
                    "Let the guest use the network: DIRECTION:PROTOCOL:HOST:PORTS, such as"
                        + " connect:tcp:*.example.com:443 or bind:udp:0.0.0.0:5000-5010.",
                    "DIRECTION is connect, listen or bind, PROTOCOL tcp or udp, HOST a name,"
                        + " *.NAME, an address, a range such as 10.0.0.0/8, or *.",
                    "Behind a name, @RANGE,... lets its addresses be other than public ones.")
                .repeated())
        .option(
            Option.value(
                    ALLOW_RESOLVE,
                    "NAME,...",
                    "Let the guest look names of hosts up, as *.NAME too.")
                .repeated())
        .option(
            Option.value(
                    ADDR_POOL,
                    "RANGE,...",
                    "Let the guest connect and listen at ranges of addresses, at all ports.")
                .repeated())
        .option(
            Option.value(
                    LISTEN,
                    "ADDRESS:PORT",
                    "Open a socket that listens, for the guest to accept connections; the first one"
                        + " has the next descriptor after the folders.")
                .repeated())
        .option(
            Option.value(
                    DENY,
                    "WHAT",
                    "Refuse what every guest has otherwise: " + either(standard) + ".")
                .oneOf(standard)
                .repeated());
  }

  /** Words as a text: {@code a, b or c}. */
  static String either(List<String> words) {
    int last = words.size() - 1;
    return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  /**
   * The policy that a command line asks for.
   *
   * @throws Failure if something in it makes no sense
   */
  static Policy policy(Line line) {
    return granted(line, Granted.of(STANDARD)).policy();
  }

  /**
   * Refuses what an app cannot be refused.
   *
   * @throws Failure if that is wanted
   */
  static void requireForApps(Line line) {
    for (String denied : line.values(DENY)) {
      if (!OF_APPS.contains(denied)) {
        throw Failure.usage(DENY + ": expected " + either(OF_APPS) + ", found '" + denied + "'");
      }
    }
  }

  /** Whether a command line says anything about it. */
  static boolean areGiven(Line line) {
    Syntax syntax = new Syntax("", "");
    addTo(syntax);
    return syntax.options.stream()
        .anyMatch(option -> !option.name().equals(Syntax.HELP) && line.has(option.name()));
  }

  /**
   * All that a command line asks for.
   *
   * @param standard what holds where nothing is said
   * @throws Failure if something in it makes no sense
   */
  static Granted granted(Line line, Granted standard) {
    Granted granted = standard;
    if (line.has(POLICY)) {
      granted = PolicyFile.read(Line.path(line.value(POLICY)), granted);
    }
    return granted.policy(beside(line, granted));
  }

  /** A policy with what options say. */
  private static Policy beside(Line line, Granted standard) {
    Policy policy = standard.policy();
    for (Limit limit : Limit.values()) {
      if (line.has(limit.flag())) {
        try {
          policy = limit.set(policy, line.value(limit.flag()));
        } catch (IllegalArgumentException e) {
          throw bad(limit.flag(), e);
        }
      }
    }
    for (String option : List.of(DIR, ENV, NETWORK, ALLOW_RESOLVE, ADDR_POOL, LISTEN, DENY)) {
      for (String value : line.values(option)) {
        try {
          policy =
              option.equals(DIR)
                  ? Grants.directory(policy, value, standard.elsewhere())
                  : grant(policy, option, value);
        } catch (IllegalArgumentException e) {
          throw bad(option, e);
        }
      }
    }
    return policy;
  }

  private static Policy grant(Policy policy, String option, String value) {
    return switch (option) {
      case ENV -> Grants.variable(policy, value);
      case NETWORK -> Grants.network(policy, value);
      case ALLOW_RESOLVE -> Grants.lookup(policy, value);
      case ADDR_POOL -> Grants.addresses(policy, value);
      case LISTEN -> Grants.listener(policy, value);
      case DENY -> Grants.standard(policy, value, false);
      default -> throw new AssertionError("nobody knows " + option + "; please report");
    };
  }

  private static Failure bad(String option, IllegalArgumentException e) {
    return Failure.usage(option + ": " + e.getMessage());
  }
}
