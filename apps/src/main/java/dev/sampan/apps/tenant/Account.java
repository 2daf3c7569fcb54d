package dev.sampan.apps.tenant;

import dev.sampan.apps.run.GuestRoom;
import dev.sampan.wasm.MemoryPool;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the apps of one tenant use. May be used by any number of threads. */
public final class Account {

  /** More of a tenant's requests to the management at once would only be in each other's way. */
  private static final int MAX_MANAGEMENT = 16;

  private final MemoryPool memory;
  private final CpuMeter cpu;
  private final RequestGate calls;
  private final RequestGate management;
  private volatile int maxRequests;
  private @Nullable GuestRoom room;

  /** An account of somebody with a quota. */
  public Account(Quota quota, InstantSource clock) {
    this(quota, clock, System::nanoTime);
  }

  Account(Quota quota, InstantSource clock, LongSupplier nanoTime) {
    int perSecond = quota.requestsPerSecond();
    this.memory = MemoryPool.of(quota.maxMemory());
    this.cpu = new CpuMeter(quota.cpuTime(), quota.cpuPeriod(), clock);
    this.calls = new RequestGate(perSecond, quota.maxRequests(), nanoTime);
    this.management = new RequestGate(perSecond, managers(quota), nanoTime);
    this.maxRequests = quota.maxRequests();
  }

  private static int managers(Quota quota) {
    return Math.min(quota.maxRequests(), MAX_MANAGEMENT);
  }

  /** Puts another quota into effect. */
  public void limit(Quota quota) {
    maxRequests = quota.maxRequests();
    memory.max(quota.maxMemory());
    cpu.limit(quota.cpuTime(), quota.cpuPeriod());
    calls.limit(quota.requestsPerSecond(), quota.maxRequests());
    management.limit(quota.requestsPerSecond(), managers(quota));
  }

  /** Memory of instances. */
  public MemoryPool memory() {
    return memory;
  }

  /** Processor time. */
  public CpuMeter cpu() {
    return cpu;
  }

  /** Requests to apps. */
  public RequestGate calls() {
    return calls;
  }

  /** Requests to the management, which must be possible when the apps are busy. */
  public RequestGate management() {
    return management;
  }

  /** The part of the room for guests that the apps have for requests and jobs. */
  public synchronized GuestRoom room(GuestRoom whole) {
    if (room == null) {
      room = whole.part(() -> maxRequests);
    }
    return room;
  }

  /** Goes on from what was counted by another process. */
  public void resume(CpuMeter.Reading earlier) {
    cpu.resume(earlier);
  }
}
