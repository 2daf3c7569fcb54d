package dev.sampan.wasi;

/** What a guest may do below a directory that it was granted. */
public enum Rights {
  /** List directories, read files and attributes. Nothing can be created, changed or removed. */
  READ_ONLY,
  /** Everything, as far as the host's process itself may. */
  READ_WRITE
}
