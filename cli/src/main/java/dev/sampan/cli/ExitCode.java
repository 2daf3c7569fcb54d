package dev.sampan.cli;

/** What the command tells the one who called it. */
final class ExitCode {

  /** All went well. */
  static final int SUCCESS = 0;

  /** A file or a module is not as it should be, or a test failed. */
  static final int FAILED = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  /** A fault of the command itself, or no memory left for it. */
  static final int INTERNAL = 70;

  /** A guest was stopped: what a shell reports for a process that aborted. */
  static final int TRAP = 134;

  /** The reader of the output went away: what a shell reports for a process that wrote on. */
  static final int BROKEN_PIPE = 141;

  private ExitCode() {}
}
