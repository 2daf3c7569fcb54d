package dev.sampan.apps.function;

import dev.sampan.apps.log.LineStream;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.ExitException;
import dev.sampan.wasm.Func;
import dev.sampan.wasm.ImportSource;
import dev.sampan.wasm.Instance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadFactory;

/**
 * The convention of RFC 3875, which needs nothing but WASI: the request line and the header are
 * variables of the environment, the body is standard input, and standard output is the response. A
 * program runs anew for each request; a reactor has its function {@code handle} called.
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

  private final class CgiExchange implements Exchange {
    private final FunctionRequest request;
    private final CgiResponse response;
    private final LineStream err;
    private int status;

    CgiExchange(FunctionRequest request, Responder responder) {
      this.request = request;
      this.response = new CgiResponse(responder, settings.http().maxResponseBytes());
      this.err = settings.log().stream(settings.revision(), "stderr");
    }

    @Override
    public ImportSource imports() {
      Wasi wasi = base().env(variables(request)).stdin(request.body()).stdout(response).stderr(err);
      // what was granted stands above what a client sends
      return settings.policy().wasi(wasi);
    }

    @Override
    public void run(Instance instance, boolean prepared) {
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

    @Override
    public void finish() throws IOException, FunctionException {
      if (status != 0) {
        String what = "the function ended with status " + status;
        if (!response.isBegun()) {
          throw FunctionException.refused(500, what);
        }
        // what it has written is its answer all the same
        settings.log().write(settings.revision(), "host", what);
      }
      response.finish();
    }

    @Override
    public boolean isBegun() {
      return response.isBegun();
    }
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
