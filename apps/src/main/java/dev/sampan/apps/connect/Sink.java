package dev.sampan.apps.connect;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Takes what comes by a connection. Must not wait. */
public interface Sink {

  /**
   * A piece has come.
   *
   * @param data at most {@link #MAX_PIECE} bytes, which belong to the sink from now on
   * @param source who has sent it, if that is not the same for the whole connection
   */
  void received(byte[] data, @Nullable InetSocketAddress source);

  /** Nothing more will come. */
  void ended();

  /** Whether this is the one of several sinks of one socket that is to have what comes. */
  boolean isCurrent();

  /** How long a piece is at most, in bytes; what is left of a longer datagram is lost. */
  int MAX_PIECE = 256;
}
