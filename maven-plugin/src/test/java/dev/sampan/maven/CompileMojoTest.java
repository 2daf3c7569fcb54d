package dev.sampan.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sampan.cli.Sampan;
import dev.sampan.wasi.Wasi;
import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.model.Resource;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin's goal on a project with one module, as Maven would run it. */
class CompileMojoTest {

  @TempDir private Path folder;
  private final CompileMojo mojo = new CompileMojo();
  private final MavenProject project = new MavenProject();
  private Path module;

  @BeforeEach
  void makeProject() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src/main/wasm"));
    module =
        Files.writeString(
            sources.resolve("price-list.wat"),
            """
            (module
              (func (export "gross_price") (param i32 f64) (result f64)
                (f64.mul (f64.convert_i32_s (local.get 0)) (local.get 1)))
              (func (export "new") (result i64) (i64.const 7)))
            """);
    mojo.sourceDirectory = sources.toFile();
    mojo.outputDirectory = folder.resolve("target/resources").toFile();
    mojo.generatedSources = folder.resolve("target/sources").toFile();
    mojo.packageName = "com.acme";
    mojo.project = project;
    mojo.plugin = new PluginDescriptor();
    mojo.plugin.setArtifacts(pluginArtifacts());
    mojo.setLog(quietLog());
    mojo.jdk = new File(System.getProperty("java.home"));
  }

  /** What Maven would resolve. */
  private static List<Artifact> pluginArtifacts() throws URISyntaxException {
    List<Artifact> artifacts = new ArrayList<>();
    for (Class<?> each : List.of(Engine.class, Wasi.class, Sampan.class)) {
      DefaultArtifact artifact =
          new DefaultArtifact(
              "dev.sampan",
              each.getPackageName(),
              "1",
              "runtime",
              "jar",
              null,
              new DefaultArtifactHandler("jar"));
      artifact.setFile(new File(each.getProtectionDomain().getCodeSource().getLocation().toURI()));
      artifacts.add(artifact);
    }
    return artifacts;
  }

  /** Says nothing but what is wrong. */
  private static Log quietLog() {
    return new SystemStreamLog() {
      @Override
      public void debug(CharSequence content) {}

      @Override
      public void info(CharSequence content) {}
    };
  }

  @Test
  void interfaceAndClassesWorkTogether() throws Exception {
    mojo.execute();

    Path source = folder.resolve("target/sources/com/acme/PriceList.java");
    assertThat(source)
        .content()
        .contains("package com.acme;", "double grossPrice(int p0, double p1);", "long new_();");
    assertThat(project.getCompileSourceRoots()).containsExactly(mojo.generatedSources.getPath());
    assertThat(project.getResources())
        .extracting(Resource::getDirectory)
        .containsExactly(mojo.outputDirectory.getPath());

    Path classes = Files.createDirectories(folder.resolve("target/classes"));
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(compiled).isZero();
    URL[] classPath = {classes.toUri().toURL(), mojo.outputDirectory.toURI().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classPath, Engine.class.getClassLoader());
        Engine engine = Engine.create();
        Instance instance =
            engine.loadCompiled("price-list", loader).instantiate(Imports.create())) {
      Class<?> type = loader.loadClass("com.acme.PriceList");
      Object prices = instance.as(type);
      assertThat(type.getMethod("grossPrice", int.class, double.class).invoke(prices, 4, 2.5))
          .isEqualTo(10.0);
      assertThat(type.getMethod("new_").invoke(prices)).isEqualTo(7L);
    }
  }

  @Test
  void moduleThatHasNotChangedIsNotCompiledAgain() throws Exception {
    Files.setLastModifiedTime(module, FileTime.fromMillis(1_000_000));
    mojo.execute();
    Path result = folder.resolve("target/resources/META-INF/sampan/price-list.wasm");
    FileTime first = Files.getLastModifiedTime(result);
    Files.delete(result);
    mojo.execute();
    assertThat(result).doesNotExist();

    Files.setLastModifiedTime(module, FileTime.fromMillis(first.toMillis() + 60_000));
    mojo.execute();
    assertThat(result).exists();
  }

  @Test
  void invalidModuleFailsTheBuildWithTheEnginesMessage() throws Exception {
    Files.writeString(module, "(module (func (result i32) (i64.const 1)))");

    assertThatThrownBy(mojo::execute)
        .isInstanceOf(MojoExecutionException.class)
        .hasMessageStartingWith("sampan: " + module + ": type mismatch");
  }

  @Test
  void tooOldJdkIsNamed() throws Exception {
    Path old = Files.createDirectories(folder.resolve("jdk/bin"));
    Files.writeString(old.resolve("java"), "");
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.2\"\n");
    mojo.jdk = folder.resolve("jdk").toFile();

    assertThatThrownBy(mojo::execute)
        .isInstanceOf(MojoExecutionException.class)
        .hasMessageContaining("a JDK 25 or later, found 17 in " + mojo.jdk);
  }

  @Test
  void projectWithoutModulesIsLeftAlone() throws Exception {
    mojo.sourceDirectory = folder.resolve("none").toFile();

    mojo.execute();

    assertThat(project.getResources()).isEmpty();
    assertThat(folder.resolve("target")).doesNotExist();
  }

  @Test
  void namesOfInterfacesAreJavas() {
    assertThat(CompileMojo.typeName("price-list")).isEqualTo("PriceList");
    assertThat(CompileMojo.typeName("sqlite3")).isEqualTo("Sqlite3");
    assertThat(CompileMojo.typeName("7zip.core")).isEqualTo("Module7zipCore");
  }
}
