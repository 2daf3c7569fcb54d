package dev.sampan.wasi.preview1;

import static dev.sampan.wasm.model.NumType.I32;
import static dev.sampan.wasm.model.NumType.I64;

import dev.sampan.wasm.ImportType;
import dev.sampan.wasm.model.FuncType;
import dev.sampan.wasm.model.ValType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The functions about sockets that preview 1 lacks, as the WebAssembly Micro Runtime has added them
 * to the same modules. All return an errno.
 */
public enum SocketCall {
  SOCK_OPEN(I32, I32, I32, I32),
  SOCK_BIND(I32, I32),
  SOCK_CONNECT(I32, I32),
  SOCK_LISTEN(I32, I32),
  SOCK_CLOSE(I32),
  SOCK_ADDR_LOCAL(I32, I32),
  SOCK_ADDR_REMOTE(I32, I32),
  SOCK_ADDR_RESOLVE(I32, I32, I32, I32, I32, I32),
  SOCK_RECV_FROM(I32, I32, I32, I32, I32, I32),
  SOCK_SEND_TO(I32, I32, I32, I32, I32, I32),

  SOCK_GET_BROADCAST(I32, I32),
  SOCK_SET_BROADCAST(I32, I32),
  SOCK_GET_KEEP_ALIVE(I32, I32),
  SOCK_SET_KEEP_ALIVE(I32, I32),
  SOCK_GET_REUSE_ADDR(I32, I32),
  SOCK_SET_REUSE_ADDR(I32, I32),
  SOCK_GET_REUSE_PORT(I32, I32),
  SOCK_SET_REUSE_PORT(I32, I32),
  SOCK_GET_TCP_NO_DELAY(I32, I32),
  SOCK_SET_TCP_NO_DELAY(I32, I32),
  SOCK_GET_TCP_QUICK_ACK(I32, I32),
  SOCK_SET_TCP_QUICK_ACK(I32, I32),
  SOCK_GET_TCP_FASTOPEN_CONNECT(I32, I32),
  SOCK_SET_TCP_FASTOPEN_CONNECT(I32, I32),
  SOCK_GET_IPV6_ONLY(I32, I32),
  SOCK_SET_IPV6_ONLY(I32, I32),
  SOCK_GET_RECV_BUF_SIZE(I32, I32),
  SOCK_SET_RECV_BUF_SIZE(I32, I32),
  SOCK_GET_SEND_BUF_SIZE(I32, I32),
  SOCK_SET_SEND_BUF_SIZE(I32, I32),
  SOCK_GET_TCP_KEEP_IDLE(I32, I32),
  SOCK_SET_TCP_KEEP_IDLE(I32, I32),
  SOCK_GET_TCP_KEEP_INTVL(I32, I32),
  SOCK_SET_TCP_KEEP_INTVL(I32, I32),
  SOCK_GET_RECV_TIMEOUT(I32, I32),
  SOCK_SET_RECV_TIMEOUT(I32, I64),
  SOCK_GET_SEND_TIMEOUT(I32, I32),
  SOCK_SET_SEND_TIMEOUT(I32, I64),
  SOCK_GET_IP_TTL(I32, I32),
  SOCK_SET_IP_TTL(I32, I32),
  SOCK_GET_IP_MULTICAST_TTL(I32, I32),
  SOCK_SET_IP_MULTICAST_TTL(I32, I32),
  SOCK_GET_LINGER(I32, I32, I32),
  SOCK_SET_LINGER(I32, I32, I32),
  SOCK_GET_IP_MULTICAST_LOOP(I32, I32, I32),
  SOCK_SET_IP_MULTICAST_LOOP(I32, I32, I32),
  SOCK_SET_IP_ADD_MEMBERSHIP(I32, I32, I32),
  SOCK_SET_IP_DROP_MEMBERSHIP(I32, I32, I32);

  private static final Map<String, SocketCall> BY_NAME =
      Stream.of(values()).collect(Collectors.toMap(SocketCall::wasmName, Function.identity()));

  private final FuncType type;

  SocketCall(ValType... parameters) {
    this.type = new FuncType(List.of(parameters), List.of(I32));
  }

  /** The name that guests import. */
  public String wasmName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type that an import must declare. */
  public FuncType type() {
    return type;
  }

  /**
   * The function that an import means, or empty if it means none.
   *
   * @throws dev.sampan.wasm.LinkException if the import declares another type
   */
  public static Optional<SocketCall> of(ImportType wanted) {
    SocketCall call = BY_NAME.get(wanted.name());
    if (call == null || Snapshot.of(wanted.module()) == null) {
      return Optional.empty();
    }
    Syscall.requireType(wanted, call.type);
    return Optional.of(call);
  }
}
