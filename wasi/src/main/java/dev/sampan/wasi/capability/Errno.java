package dev.sampan.wasi.capability;

/**
 * Why a call failed, in the order of preview 1's {@code errno}. The constants have its names; only
 * {@code 2big} is spelled {@link #TOO_BIG}.
 *
 * <p>Two of them mean a refusal and are kept apart: {@link #NOTCAPABLE} is a right that the
 * descriptor does not carry, {@link #PERM} a path that leads out of its directory.
 */
public enum Errno {
  SUCCESS("no error"),
  TOO_BIG("argument list too long"),
  ACCES("permission denied"),
  ADDRINUSE("address in use"),
  ADDRNOTAVAIL("address not available"),
  AFNOSUPPORT("address family not supported"),
  AGAIN("try again, it would block"),
  ALREADY("already in progress"),
  BADF("bad file descriptor"),
  BADMSG("bad message"),
  BUSY("device or resource busy"),
  CANCELED("canceled"),
  CHILD("no child process"),
  CONNABORTED("connection aborted"),
  CONNREFUSED("connection refused"),
  CONNRESET("connection reset"),
  DEADLK("would deadlock"),
  DESTADDRREQ("destination address required"),
  DOM("argument out of the domain"),
  DQUOT("quota exceeded"),
  EXIST("file exists"),
  FAULT("bad address"),
  FBIG("file too large"),
  HOSTUNREACH("host unreachable"),
  IDRM("identifier removed"),
  ILSEQ("illegal byte sequence"),
  INPROGRESS("in progress"),
  INTR("interrupted"),
  INVAL("invalid argument"),
  IO("input or output error"),
  ISCONN("socket is connected"),
  ISDIR("is a directory"),
  LOOP("too many symbolic links"),
  MFILE("too many open files"),
  MLINK("too many links"),
  MSGSIZE("message too large"),
  MULTIHOP("multihop attempted"),
  NAMETOOLONG("file name too long"),
  NETDOWN("network is down"),
  NETRESET("connection reset by the network"),
  NETUNREACH("network unreachable"),
  NFILE("too many open files in the system"),
  NOBUFS("no buffer space"),
  NODEV("no such device"),
  NOENT("no such file or directory"),
  NOEXEC("not executable"),
  NOLCK("no locks available"),
  NOLINK("link severed"),
  NOMEM("not enough memory"),
  NOMSG("no message of that type"),
  NOPROTOOPT("protocol option not available"),
  NOSPC("no space left on the device"),
  NOSYS("function not supported"),
  NOTCONN("socket not connected"),
  NOTDIR("not a directory"),
  NOTEMPTY("directory not empty"),
  NOTRECOVERABLE("state not recoverable"),
  NOTSOCK("not a socket"),
  NOTSUP("not supported"),
  NOTTY("not a terminal"),
  NXIO("no such device or address"),
  OVERFLOW("value too large"),
  OWNERDEAD("previous owner died"),
  PERM("operation not permitted"),
  PIPE("broken pipe"),
  PROTO("protocol error"),
  PROTONOSUPPORT("protocol not supported"),
  PROTOTYPE("wrong protocol for the socket"),
  RANGE("result too large"),
  ROFS("read-only file system"),
  SPIPE("cannot seek"),
  SRCH("no such process"),
  STALE("stale handle"),
  TIMEDOUT("timed out"),
  TXTBSY("file is being executed"),
  XDEV("link across devices"),
  NOTCAPABLE("capabilities insufficient");

  private final String text;

  Errno(String text) {
    this.text = text;
  }

  /** The number in preview 1. */
  public int number() {
    return ordinal();
  }

  /** A description for people. */
  public String text() {
    return text;
  }
}
