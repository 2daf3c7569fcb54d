package dev.sampan.cli;

import static dev.sampan.cli.CommandLineRun.file;
import static dev.sampan.cli.CommandLineRun.sampan;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {

  @TempDir private Path folder;
  private Path module;

  @BeforeEach
  void write() {
    module =
        file(
            folder,
            "shop.wat",
            """
            (module
              (import "env" "log \\"quoted\\"" (func (param i32)))
              (import "env" "table" (table 1 funcref))
              (memory (export "memory") 1 2)
              (func (export "sell") (param i32) (result i64) (i64.const 1))
              (@custom "notes" "abc"))
            """);
  }

  @Test
  void everythingIsShownInATable() {
    assertThat(sampan("inspect", module).succeeded().out())
        .isEqualTo(
            """
            module "shop", 104 bytes
            func 2 (1 imported), table 1 (1 imported), memory 1

            sections:
                  offset        size     count
                     0xa          10         2  type
                    0x16          34         2  import
                    0x3a           2         1  function
                    0x3e           4         1  memory
                    0x44          17         2  export
                    0x57           6         1  code
                    0x5f           9            custom "notes"

            imports:
              "env" "log \\"quoted\\"" (func [i32] -> [])
              "env" "table" (table 1 funcref)

            exports:
              "memory" (memory 1 2)
              "sell" (func [i32] -> [i64])
            """);
  }

  @Test
  void everythingIsShownAsJson() {
    assertThat(sampan("inspect", "--json", module).succeeded().out())
        .isEqualToIgnoringWhitespace(
            """
            {
              "name": "shop",
              "size": 104,
              "counts": {
                "func": {"imported": 1, "defined": 1},
                "table": {"imported": 1, "defined": 0},
                "memory": {"imported": 0, "defined": 1},
                "global": {"imported": 0, "defined": 0},
                "tag": {"imported": 0, "defined": 0}
              },
              "sections": [
                {"kind": "type", "offset": 10, "size": 10, "count": 2},
                {"kind": "import", "offset": 22, "size": 34, "count": 2},
                {"kind": "function", "offset": 58, "size": 2, "count": 1},
                {"kind": "memory", "offset": 62, "size": 4, "count": 1},
                {"kind": "export", "offset": 68, "size": 17, "count": 2},
                {"kind": "code", "offset": 87, "size": 6, "count": 1},
                {"kind": "custom", "name": "notes", "offset": 95, "size": 9}
              ],
              "imports": [
                {
                  "module": "env",
                  "name": "log \\"quoted\\"",
                  "kind": "func",
                  "type": "func [i32] -> []"
                },
                {"module": "env", "name": "table", "kind": "table", "type": "table 1 funcref"}
              ],
              "exports": [
                {"name": "memory", "kind": "memory", "type": "memory 1 2"},
                {"name": "sell", "kind": "func", "type": "func [i32] -> [i64]"}
              ]
            }
            """);
  }

  @Test
  void emptyModuleHasNothingToShow() {
    Path empty = file(folder, "empty.wat", "(module $nothing)");

    assertThat(sampan("inspect", file(folder, "e.wasm", "\0asm\1\0\0\0")).succeeded().out())
        .isEqualTo("module \"e\", 8 bytes\n");
    assertThat(sampan("inspect", empty).succeeded().out()).startsWith("module \"nothing\", ");
  }

  @Test
  void namesCannotReachTheTerminal() {
    Path module = file(folder, "evil.wat", "(module $evil (func (export \"\\1b[2J\\n\\\\\")))");

    assertThat(sampan("inspect", module).succeeded().out())
        .contains("\n  \"\\u{1b}[2J\\n\\\\\" (func [] -> [])\n");
  }

  @Test
  void invalidModuleIsReported() {
    Path invalid = file(folder, "invalid.wat", "(module (start 0))");

    assertThat(sampan("inspect", invalid).exitCode()).isEqualTo(1);
  }
}
