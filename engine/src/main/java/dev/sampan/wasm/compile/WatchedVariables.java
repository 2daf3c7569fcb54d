package dev.sampan.wasm.compile;

import java.util.BitSet;

/** Variables that know which locals may have been changed. */
final class WatchedVariables implements Variables {

  private final Variables variables;

  /** The locals that may have been changed when the present instruction is reached. */
  BitSet changed = new BitSet();

  WatchedVariables(Variables variables) {
    this.variables = variables;
  }

  @Override
  public int width(int kind) {
    return variables.width(kind);
  }

  @Override
  public void get(int local) {
    variables.get(local);
  }

  @Override
  public void set(int local) {
    changed.set(local);
    variables.set(local);
  }

  @Override
  public void getHalf(int local, int half) {
    variables.getHalf(local, half);
  }

  @Override
  public void setHalf(int local, int half) {
    changed.set(local);
    variables.setHalf(local, half);
  }

  @Override
  public void load(int kind, int home) {
    variables.load(kind, home);
  }

  @Override
  public void store(int kind, int home) {
    variables.store(kind, home);
  }

  @Override
  public void loadHalf(int home, int half) {
    variables.loadHalf(home, half);
  }

  @Override
  public void storeHalf(int home, int half) {
    variables.storeHalf(home, half);
  }

  @Override
  public boolean increment(int local, int amount) {
    boolean done = variables.increment(local, amount);
    if (done) {
      changed.set(local);
    }
    return done;
  }
}
