package dev.sampan.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Resource;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugins.annotations.Component;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/**
 * Compiles WebAssembly modules ahead of time: each {@code NAME.wasm} or {@code NAME.wat} becomes
 * resources of the project, which {@code engine.loadCompiled("NAME", classLoader)} reads, and a
 * Java interface of its exported functions, which {@code instance.as} implements.
 */
@Mojo(name = "compile", defaultPhase = LifecyclePhase.GENERATE_SOURCES, threadSafe = true)
public final class CompileMojo extends AbstractMojo {

  /** Where the modules are. */
  @Parameter(property = "sampan.source", defaultValue = "${project.basedir}/src/main/wasm")
  File sourceDirectory = new File("");

  /** Where the compiled modules are written; it becomes a folder of resources. */
  @Parameter(defaultValue = "${project.build.directory}/generated-resources/sampan")
  File outputDirectory = new File("");

  /** Where the interfaces are written; it becomes a folder of sources. */
  @Parameter(defaultValue = "${project.build.directory}/generated-sources/sampan")
  File generatedSources = new File("");

  /** The package of the interfaces; by default the group's name. */
  @Parameter(property = "sampan.package", defaultValue = "${project.groupId}")
  String packageName = "";

  /** Whether interfaces are written. */
  @Parameter(property = "sampan.interfaces", defaultValue = "true")
  boolean interfaces = true;

  /** Does nothing. */
  @Parameter(property = "sampan.skip", defaultValue = "false")
  boolean skip;

  /**
   * The folder of a JDK 25 or later that compiles; by default the one of the build's toolchain,
   * else the one that Maven runs on.
   */
  @Parameter(property = "sampan.jdk")
  @Nullable File jdk;

  @Parameter(defaultValue = "${project}", readonly = true)
  @Nullable MavenProject project;

  @Parameter(defaultValue = "${session}", readonly = true)
  @Nullable MavenSession session;

  @Parameter(defaultValue = "${plugin}", readonly = true)
  @Nullable PluginDescriptor plugin;

  @Component @Nullable ToolchainManager toolchains;

  @Override
  public void execute() throws MojoExecutionException {
    if (skip || !sourceDirectory.isDirectory()) {
      getLog().info(skip ? "skipped" : "no modules: there is no folder " + sourceDirectory);
      return;
    }
    Command command = new Command(java(), classPath(), getLog());
    for (Path module : modules()) {
      compile(module, command);
    }
    if (project != null) {
      Resource resource = new Resource();
      resource.setDirectory(outputDirectory.getPath());
      project.addResource(resource);
      if (interfaces) {
        project.addCompileSourceRoot(generatedSources.getPath());
      }
    }
  }

  private List<Path> modules() throws MojoExecutionException {
    try (Stream<Path> files = Files.walk(sourceDirectory.toPath())) {
      return files
          .filter(file -> file.toString().endsWith(".wasm") || file.toString().endsWith(".wat"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new MojoExecutionException(sourceDirectory + ": " + e.getMessage(), e);
    }
  }

  private void compile(Path module, Command command) throws MojoExecutionException {
    String file = module.getFileName().toString();
    String name = file.substring(0, file.lastIndexOf('.'));
    String type = packageName + "." + typeName(name);
    Path result = outputDirectory.toPath().resolve("META-INF/sampan/" + name + "/origin");
    Path source = generatedSources.toPath().resolve(type.replace('.', '/') + ".java");
    if (isNewer(result, module) && (!interfaces || isNewer(source, module))) {
      getLog().debug(module + " has not changed");
      return;
    }
    getLog().info("compiling " + module);
    command.run("compile", "--classes", "-o", outputDirectory.getPath(), module.toString());
    if (interfaces) {
      command.run("bind", "--name", type, "-o", generatedSources.getPath(), module.toString());
    }
  }

  private static boolean isNewer(Path result, Path module) throws MojoExecutionException {
    try {
      return Files.exists(result)
          && Files.getLastModifiedTime(result).compareTo(Files.getLastModifiedTime(module)) > 0;
    } catch (IOException e) {
      throw new MojoExecutionException(result + ": " + e.getMessage(), e);
    }
  }

  /** The interface for a module: {@code ImageTools} for image-tools. */
  static String typeName(String module) {
    StringBuilder name = new StringBuilder();
    for (String part : module.split("[^A-Za-z0-9]+", -1)) {
      if (!part.isEmpty()) {
        name.append(part.substring(0, 1).toUpperCase(Locale.ROOT)).append(part.substring(1));
      }
    }
    boolean needsLetter = name.isEmpty() || Character.isDigit(name.charAt(0));
    return needsLetter ? "Module" + name : name.toString();
  }

  private List<String> classPath() {
    List<String> files = new ArrayList<>();
    if (plugin != null) {
      for (Artifact artifact : plugin.getArtifacts()) {
        if (artifact.getGroupId().equals("dev.sampan") && artifact.getFile() != null) {
          files.add(artifact.getFile().getPath());
        }
      }
    }
    return files;
  }

  private Path java() throws MojoExecutionException {
    File wanted = jdk;
    if (wanted != null) {
      return Jdk.java(wanted.toPath());
    }
    if (toolchains != null && session != null) {
      Toolchain toolchain = toolchains.getToolchainFromBuildContext("jdk", session);
      String tool = toolchain == null ? null : toolchain.findTool("java");
      if (tool != null) {
        return Jdk.java(Path.of(tool).toAbsolutePath().resolve("../..").normalize());
      }
    }
    return Jdk.java(Path.of(System.getProperty("java.home")));
  }
}
