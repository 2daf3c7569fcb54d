package dev.sampan.cli;

import dev.sampan.cli.Syntax.Operand;
import java.util.List;

/** {@code sampan call}: calls one function. */
final class CallCommand implements Verb {

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Options.verb(
            "call",
            "Calls an exported function and prints its results.",
            "Each result is a line. Arguments and results are written as in the text format: 42,"
                + " -0x1f, 1.5e3, nan, -inf; a vector is one argument such as 'i64x2 0x1 0x2' or"
                + " 'f32x4 1 2 3 4'; of references only null can be given.",
            "A library's '_initialize' is called first.");
    Guest.addOptions(syntax);
    syntax.operand(Options.file("The module."));
    syntax.operand(new Operand("FUNC", 1, false, "The name under which the function is exported."));
    syntax.operand(Options.arguments("The arguments, one per parameter."));
    return Options.guestExitCodes(syntax, "The function returned.");
  }

  @Override
  public int run(Line line, Console console) {
    return Guest.with(
        line,
        console,
        guest -> {
          FunctionCall call =
              FunctionCall.of(guest.file(), guest.module(), line.operand(1), line.operandsFrom(2));
          return guest.run(List.of(), instance -> call.on(instance, console));
        });
  }
}
