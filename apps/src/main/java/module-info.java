/**
 * The container host: apps that are installed, run, limited, upgraded and removed while everything
 * else runs. {@link dev.sampan.apps.AppHost} is the host to embed, {@link
 * dev.sampan.apps.http.HostServer} its server, {@link dev.sampan.apps.client.HostClient} the other
 * end of that.
 */
module dev.sampan.apps {
  requires transitive dev.sampan.wasi;
  requires transitive tools.jackson.databind;
  requires com.cronutils;
  requires java.logging;
  requires java.management;
  requires jdk.management;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.unixdomain.server;
  requires org.eclipse.jetty.util;
  requires org.eclipse.paho.mqttv5.client;
  requires static jdk.jfr;
  requires static org.jspecify;

  exports dev.sampan.apps;
  exports dev.sampan.apps.client;
  exports dev.sampan.apps.device;
  exports dev.sampan.apps.event;
  exports dev.sampan.apps.function;
  exports dev.sampan.apps.http;
  exports dev.sampan.apps.jmx;
  exports dev.sampan.apps.json;
  exports dev.sampan.apps.log;
  exports dev.sampan.apps.mqtt;
  exports dev.sampan.apps.service;
  exports dev.sampan.apps.tenant;
  exports dev.sampan.apps.tls;
  exports dev.sampan.apps.wire;

  // records that lie in files and go over the wire as JSON, and are nobody else's business
  opens dev.sampan.apps to
      tools.jackson.databind;
  opens dev.sampan.apps.http to
      tools.jackson.databind;
  opens dev.sampan.apps.job to
      tools.jackson.databind;
  opens dev.sampan.apps.page to
      tools.jackson.databind;
  opens dev.sampan.apps.store to
      tools.jackson.databind;
}
