package dev.sampan.apps.tenant;

import dev.sampan.apps.Permissions;

/**
 * What a tenant may.
 *
 * @param quota what all its apps may use together
 * @param grants what each of its apps may be granted and use at most; the environment says nothing
 */
public record Terms(Quota quota, Permissions grants) {

  /** The default quota, and nothing granted but the time and random numbers. */
  public static final Terms DEFAULT = new Terms(Quota.DEFAULT, Permissions.NONE);

  /** The same with another quota. */
  public Terms quota(Quota other) {
    return new Terms(other, grants);
  }

  /** The same with other grants. */
  public Terms grants(Permissions others) {
    return new Terms(quota, others);
  }
}
