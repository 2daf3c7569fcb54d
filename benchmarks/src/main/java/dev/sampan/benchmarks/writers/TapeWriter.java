package dev.sampan.benchmarks.writers;

/** Writes the classes of a tape as class files. */
public interface TapeWriter {

  /** One class file. */
  byte[] write(Tape.Clazz each);
}
