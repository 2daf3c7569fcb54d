package dev.sampan.apps.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;

/**
 * Closes connections that are open and ask for nothing: also those that send a byte now and then,
 * which a server that looks at silence alone never closes.
 */
final class SlowRequests implements Connection.Listener {

  private final long patience;

  /** Since when each connection owes a request. */
  private final Map<Connection, Long> waiting = new ConcurrentHashMap<>();

  SlowRequests(Duration patience) {
    this.patience = patience.toNanos();
  }

  @Override
  public void onOpened(Connection connection) {
    if (!(connection instanceof SslConnection)) { // what is inside counts
      waiting.put(connection, System.nanoTime());
    }
  }

  @Override
  public void onClosed(Connection connection) {
    waiting.remove(connection);
  }

  /** A request is there, as a whole but for its body, which is others' matter. */
  void begins(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    if (waiting.remove(connection) != null) {
      Request.addCompletionListener(request, thrown -> waiting.put(connection, System.nanoTime()));
    }
  }

  /** Closes those that have had time enough. */
  void sweep() {
    long now = System.nanoTime();
    waiting.forEach(
        (connection, since) -> {
          if (now - since > patience && waiting.remove(connection, since)) {
            connection.close();
          }
        });
  }
}
