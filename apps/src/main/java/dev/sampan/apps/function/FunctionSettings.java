package dev.sampan.apps.function;

import dev.sampan.apps.Manifest;
import dev.sampan.apps.Revision;
import dev.sampan.apps.log.AppLog;
import dev.sampan.wasi.Policy;

/**
 * What a function was installed with.
 *
 * @param name the app's
 * @param revision the revision's number
 * @param calls how its calls are limited
 * @param policy what its instances may do and use
 * @param log where its standard error goes
 */
public record FunctionSettings(
    String name, int revision, Manifest manifest, CallLimits calls, Policy policy, AppLog log) {

  /** The settings of a revision. */
  public static FunctionSettings of(String name, Revision revision, CallLimits calls, AppLog log) {
    Manifest manifest = revision.manifest();
    Policy policy = manifest.permissions().policy();
    return new FunctionSettings(name, revision.number(), manifest, calls, policy, log);
  }
}
