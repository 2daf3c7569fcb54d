package dev.sampan.apps.function;

import dev.sampan.apps.AppException;
import dev.sampan.apps.Isolation;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.Instance;
import dev.sampan.wasm.WasmModule;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;

/** How a guest gets a request and gives a response, or gets a job. */
interface CallingConvention {

  /** One request in the hands of a guest. */
  interface Exchange {

    /** What the guest may import while it handles the request. */
    ImportSource imports();

    /**
     * Lets an instance handle the request.
     *
     * @param prepared whether it was prepared before, for other requests
     */
    void run(Instance instance, boolean prepared);

    /**
     * Ends the response.
     *
     * @throws FunctionException if the guest has not given one
     */
    void finish() throws IOException, FunctionException;
  }

  /** A job in the hands of a guest. */
  interface JobExchange extends Exchange {

    /** The status with which the guest has ended. */
    int status();
  }

  /** Begins a job. */
  JobExchange begin(Job job);

  /** Begins to handle a request. */
  Exchange begin(FunctionRequest request, Responder responder);

  /** Prepares an instance that handles all requests. */
  void prepare(Instance instance);

  /** What the guest may import while it is prepared. */
  ImportSource importsToPrepare();

  /**
   * The convention that a module follows.
   *
   * @param threads makes further threads of its instances
   * @throws AppException if it follows none, or cannot be isolated like this
   */
  static CallingConvention of(
      WasmModule module, Isolation isolation, FunctionSettings settings, ThreadFactory threads) {
    boolean command = exports(module, Cgi.COMMAND);
    if (!command && !exports(module, Cgi.HANDLE)) {
      throw new AppException(
          AppException.Reason.INVALID,
          "expected a function to be a program (it exports '_start') or to export 'handle'; found"
              + " neither in "
              + module.name(),
          null);
    }
    if (command && isolation == Isolation.SHARED) {
      throw new AppException(
          AppException.Reason.INVALID,
          "a program runs once: with isolation 'SHARED' expected a reactor that exports 'handle',"
              + " found '_start'",
          null);
    }
    return new Cgi(command, settings, threads);
  }

  private static boolean exports(WasmModule module, String name) {
    return module.exports().stream().anyMatch(export -> export.name().equals(name));
  }
}
