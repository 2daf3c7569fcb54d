package dev.sampan.wasi.capability;

import java.io.Closeable;
import java.io.IOException;

/** Something open that a guest can hold and name by a number. */
public sealed interface Descriptor extends Closeable
    permits Directory, OpenFile, Socket, StandardInput, StandardOutput {

  /** What it is. */
  FileType type();

  /** Its attributes now. */
  FileStatus status() throws IOException;
}
