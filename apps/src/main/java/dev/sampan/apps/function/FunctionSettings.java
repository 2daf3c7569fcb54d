package dev.sampan.apps.function;

import dev.sampan.apps.Manifest;
import dev.sampan.apps.Trigger;
import dev.sampan.apps.log.AppLog;

/**
 * What a function was installed with.
 *
 * @param name the app's
 * @param revision the revision's number
 * @param http its trigger, which is part of the manifest
 * @param log where its standard error goes
 */
public record FunctionSettings(
    String name, int revision, Manifest manifest, Trigger.Http http, AppLog log) {}
