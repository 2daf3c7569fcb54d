package dev.sampan.wasi.capability;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the {@link Errno} for a failure of the host's file system.
 *
 * <p>Java has an exception type for the common failures only. The rest can be told apart by the
 * system's message alone, whose language depends on the host; what is not recognised is {@link
 * Errno#IO}. So the callers test for what they can before they try.
 */
public final class HostErrors {

  private static final Map<String, Errno> BY_MESSAGE =
      Map.ofEntries(
          Map.entry("Address already in use", Errno.ADDRINUSE),
          Map.entry("Address family not supported by protocol", Errno.AFNOSUPPORT),
          Map.entry("Broken pipe", Errno.PIPE),
          Map.entry("Cannot assign requested address", Errno.ADDRNOTAVAIL),
          Map.entry("Connection refused", Errno.CONNREFUSED),
          Map.entry("Connection reset", Errno.CONNRESET),
          Map.entry("Connection reset by peer", Errno.CONNRESET),
          Map.entry("Connection timed out", Errno.TIMEDOUT),
          Map.entry("Device or resource busy", Errno.BUSY),
          Map.entry("Directory not empty", Errno.NOTEMPTY),
          Map.entry("Disk quota exceeded", Errno.DQUOT),
          Map.entry("File name too long", Errno.NAMETOOLONG),
          Map.entry("File too large", Errno.FBIG),
          Map.entry("Invalid argument", Errno.INVAL),
          Map.entry("Invalid cross-device link", Errno.XDEV),
          Map.entry("Is a directory", Errno.ISDIR),
          Map.entry("Message too long", Errno.MSGSIZE),
          Map.entry("Network is down", Errno.NETDOWN),
          Map.entry("Network is unreachable", Errno.NETUNREACH),
          Map.entry("No buffer space available", Errno.NOBUFS),
          Map.entry("No route to host", Errno.HOSTUNREACH),
          Map.entry("No space left on device", Errno.NOSPC),
          Map.entry("Not a directory", Errno.NOTDIR),
          Map.entry("Operation not permitted", Errno.PERM),
          Map.entry("Operation not supported", Errno.NOTSUP),
          Map.entry("Permission denied", Errno.ACCES),
          Map.entry("Protocol not available", Errno.NOPROTOOPT),
          Map.entry("Read-only file system", Errno.ROFS),
          Map.entry("Text file busy", Errno.TXTBSY),
          Map.entry("Too many links", Errno.MLINK),
          Map.entry("Too many open files", Errno.MFILE),
          Map.entry("Too many open files in system", Errno.NFILE));

  private HostErrors() {}

  /** The reason for a failure. */
  public static Errno errno(IOException failure) {
    return switch (failure) {
      case ErrnoException known -> known.errno();
      case NoSuchFileException _ -> Errno.NOENT;
      case FileAlreadyExistsException _ -> Errno.EXIST;
      case DirectoryNotEmptyException _ -> Errno.NOTEMPTY;
      case AccessDeniedException _ -> Errno.ACCES;
      case NotDirectoryException _ -> Errno.NOTDIR;
      case NotLinkException _ -> Errno.INVAL;
      case FileSystemLoopException _ -> Errno.LOOP;
      case AtomicMoveNotSupportedException _ -> Errno.XDEV;
      case FileSystemException e -> byMessage(e.getReason());
      case PortUnreachableException _ -> Errno.CONNREFUSED;
      case NoRouteToHostException _ -> Errno.HOSTUNREACH;
      case ConnectException e -> byMessage(e.getMessage(), Errno.CONNREFUSED);
      case BindException e -> byMessage(e.getMessage(), Errno.ADDRNOTAVAIL);
      case ClosedChannelException _ -> Errno.BADF;
      default -> byMessage(failure.getMessage());
    };
  }

  private static Errno byMessage(@Nullable String message) {
    return byMessage(message, Errno.IO);
  }

  private static Errno byMessage(@Nullable String message, Errno otherwise) {
    if (message == null) {
      return otherwise;
    }
    if (message.startsWith("Too many levels of symbolic links")) {
      return Errno.LOOP;
    }
    return BY_MESSAGE.getOrDefault(message, otherwise);
  }
}
