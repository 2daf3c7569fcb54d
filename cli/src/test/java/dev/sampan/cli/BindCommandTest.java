package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sampan.wasm.Engine;
import dev.sampan.wasm.Imports;
import dev.sampan.wasm.Instance;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindCommandTest {

  @TempDir private Path folder;

  private Path module() {
    return file(
        folder,
        "things.wat",
        """
        (module
          (memory (export "memory") 1)
          (func (export "read_file") (param i32 i64) (result f64) (f64.const 1.5))
          (func (export "new") (result f32) (f32.const 2))
          (func (export "two") (result i32 i32) (i32.const 1) (i32.const 2))
          (func (export "odd \\"*/na\\u{e9}me\\n") (param v128 externref) (result externref)
            (local.get 1))
          (func (export "hashCode") (result i32) (i32.const 4))
          (func (export "readFile") (result i32) (i32.const 5)))
        """);
  }

  @Test
  void interfaceIsWhatTheEngineImplements() throws Exception {
    sampan("bind", "--name", "com.acme.Things", "-o", folder, module()).succeeded();

    Path source = folder.resolve("com/acme/Things.java");
    assertThat(source)
        .content()
        .contains(
            "package com.acme;",
            "public interface Things {",
            "  @dev.sampan.wasm.WasmName(\"read_file\")\n  double readFile(int p0, long p1);",
            "  float new_();",
            "  dev.sampan.wasm.Results two();",
            "  Object oddNaMe(dev.sampan.wasm.V128 p0, Object p1);",
            "  int hashCode_();",
            "  int readFile2();")
        .doesNotContain("memory");
    Path engineClasses =
        Path.of(Engine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                engineClasses.toString(),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(compiled).isZero();
    try (URLClassLoader loader =
            new URLClassLoader(new URL[] {folder.toUri().toURL()}, Engine.class.getClassLoader());
        Engine engine = Engine.create();
        Instance instance = engine.load(module()).instantiate(Imports.create())) {
      Class<?> type = loader.loadClass("com.acme.Things");
      Object things = instance.as(type);
      Method readFile = type.getMethod("readFile", int.class, long.class);
      assertThat(readFile.invoke(things, 1, 2L)).isEqualTo(1.5);
      assertThat(type.getMethod("new_").invoke(things)).isEqualTo(2f);
      assertThat(type.getMethod("hashCode_").invoke(things)).isEqualTo(4);
      assertThat(type.getMethod("readFile2").invoke(things)).isEqualTo(5);
    }
  }

  @Test
  void nameMustBeJavas() {
    sampan("bind", "--name", "com.acme.7", "-o", folder, module())
        .failed(
            2,
            "sampan: --name needs the name of a Java interface, found 'com.acme.7'\n"
                + "Try 'sampan bind --help'.\n");
  }

  @Test
  void fileInPlaceOfAFolderIsNamed() {
    Path taken = file(folder, "taken", "");

    CommandLineRun run = sampan("bind", "--name", "a.B", "-o", taken, module());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("sampan: " + taken.resolve("a/B.java") + ": ");
  }
}
