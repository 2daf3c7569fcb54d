package dev.sampan.apps.device;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Knows serial ports (UART) with eight bits, no parity and one stop bit. */
@FunctionalInterface
public interface SerialProvider {

  /** An open port. */
  interface Port extends Closeable {

    /**
     * Sends as much as it can without waiting.
     *
     * @return how many bytes it has taken
     */
    int send(byte[] data) throws IOException;
  }

  /** Takes what comes; may be called by one thread after the other. */
  interface Receiver {

    /** Some bytes have come; they are copied. */
    void received(byte[] data, int offset, int length);

    /** Nothing more will come. */
    void ended();
  }

  /**
   * Opens a port.
   *
   * @param device its name, such as {@code /dev/ttyS2}
   * @param baudRate bits in a second, one of the usual ones from 9600 to 4000000
   * @return empty if there is no such port
   * @throws IOException if it cannot be opened
   */
  Optional<Port> open(String device, int baudRate, Receiver receiver) throws IOException;
}
