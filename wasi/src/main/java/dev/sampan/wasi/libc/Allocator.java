package dev.sampan.wasi.libc;

/** Who gives a guest pieces of its memory. */
interface Allocator {

  /** The address of so many bytes, aligned to 8 or better; 0 if there is no room. */
  int allocate(long size);

  /** Takes a piece back. What is no piece is ignored. */
  void free(int address);

  /**
   * Moves what is in a piece to one of another size. Address 0 stands for an empty piece.
   *
   * @return the new address; 0 if there is no room or no such piece, and then nothing is changed
   */
  int reallocate(int address, long size);
}
