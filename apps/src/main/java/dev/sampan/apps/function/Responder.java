package dev.sampan.apps.function;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Takes the response to a request. */
@FunctionalInterface
public interface Responder {

  /**
   * Begins the response; called once at most.
   *
   * @param status 200 to 599
   * @return takes the body; flushing it sends what there is, closing it ends the response
   */
  OutputStream begin(int status, List<Header> headers) throws IOException;

  /**
   * The guest does not end, though its time is over, and nobody need wait for it any more. May be
   * called by any thread, while the response is being given; what the guest still writes is lost.
   */
  default void giveUp(FunctionException reason) {}
}
