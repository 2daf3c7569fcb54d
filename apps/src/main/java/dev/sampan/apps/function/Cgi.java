package dev.sampan.apps.function;

import dev.sampan.apps.log.LineStream;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadFactory;

/**
 * The convention of RFC 3875, which needs nothing but WASI: the request line and the header are
 * variables of the environment, the body is standard input, and standard output is the response. A
 * program runs anew for each request; a reactor has its function {@code handle} called. Jobs come
 * the same way, with variables and streams of their own.
 */
final class Cgi implements CallingConvention {

  static final String COMMAND = "_start";
  static final String HANDLE = "handle";
  private static final String PREPARE = "_initialize";

  private final boolean command;
  private final FunctionSettings settings;
  private final ThreadFactory threads;

  Cgi(boolean command, FunctionSettings settings, ThreadFactory threads) {
    this.command = command;
    this.settings = settings;
    this.threads = threads;
  }

  @Override
  public Exchange begin(FunctionRequest request, Responder responder) {
    return new CgiExchange(request, responder);
  }

  @Override
  public void prepare(Instance instance) {
    if (instance.export(PREPARE).isPresent()) {
      instance.function(PREPARE).call();
    }
  }

  @Override
  public ImportSource importsToPrepare() {
    return settings.policy().wasi(base());
  }

  private Wasi base() {
    var args = new ArrayList<String>();
    args.add(settings.name());
    args.addAll(settings.manifest().args());
    return Wasi.preview1().args(args).threadFactory(threads);
  }

  @Override
  public JobExchange begin(Job job) {
    return new CgiJob(job);
  }

  /** A guest that runs once, for a request or a job. */
  private abstract class Run implements Exchange {
    private final LineStream err = settings.log().stream(settings.revision(), "stderr");
    private int status;

    /** The imports with what belongs to this run. */
    final ImportSource imports(
        Map<String, String> variables, InputStream input, OutputStream output) {
      Wasi wasi = base().env(variables).stdin(input).stdout(output).stderr(err);
      // what was granted stands above what a client sends
      return settings.policy().wasi(wasi);
    }

    public final int status() {
      return status;
    }

    @Override
    public final void run(Instance instance, boolean prepared) {
      try {
        if (command) {
          instance.function(COMMAND).call();
          return;
        }
        if (!prepared) {
          prepare(instance);
        }
        Func handle = instance.function(HANDLE);
        if (handle.type().results().isEmpty()) {
          handle.call();
        } else {
          status = handle.call().i32();
        }
      } catch (ExitException e) {
        status = e.status();
      } finally {
        err.close();
      }
    }
  }

  private final class CgiExchange extends Run {
    private final FunctionRequest request;
    private final CgiResponse response;

    CgiExchange(FunctionRequest request, Responder responder) {
      this.request = request;
      this.response = new CgiResponse(responder, settings.calls().maxOutputBytes());
    }

    @Override
    public ImportSource imports() {
      return imports(variables(request), request.body(), response);
    }

    @Override
    public void finish() throws IOException, FunctionException {
      if (status() != 0) {
        String what = "the function ended with status " + status();
        if (!response.isBegun()) {
          throw FunctionException.refused(500, what);
        }
        // what it has written is its answer all the same
        settings.log().write(settings.revision(), "host", what);
      }
      response.finish();
    }
  }

  private final class CgiJob extends Run implements JobExchange {
    private final Job job;

    CgiJob(Job job) {
      this.job = job;
    }

    @Override
    public ImportSource imports() {
      return imports(job.variables(), job.input(), job.output());
    }

    @Override
    public void finish() {}
  }

  private static Map<String, String> variables(FunctionRequest request) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Header header : request.headers()) {
      String name = header.name().toUpperCase(Locale.ROOT).replace('-', '_');
      // a client must not be able to set HTTP_PROXY, which libraries obey
      if (!name.equals("PROXY") && !name.equals("CONTENT_LENGTH") && !name.equals("CONTENT_TYPE")) {
        String separator = name.equals("COOKIE") ? "; " : ", ";
        variables.merge("HTTP_" + name, header.value(), (a, b) -> a + separator + b);
      }
      if (name.equals("CONTENT_TYPE")) {
        variables.put(name, header.value());
      }
    }
    variables.put("GATEWAY_INTERFACE", "CGI/1.1");
    variables.put("SERVER_SOFTWARE", "sampan");
    variables.put("SERVER_PROTOCOL", request.protocol());
    variables.put("SERVER_NAME", request.serverName());
    variables.put("SERVER_PORT", String.valueOf(request.serverPort()));
    variables.put("REMOTE_ADDR", request.remoteAddress());
    variables.put("REQUEST_METHOD", request.method());
    variables.put("REQUEST_URI", request.uri());
    variables.put("SCRIPT_NAME", request.base());
    variables.put("PATH_INFO", request.path());
    variables.put("QUERY_STRING", request.query());
    if (request.contentLength() >= 0) {
      variables.put("CONTENT_LENGTH", String.valueOf(request.contentLength()));
    }
    return variables;
  }
}
