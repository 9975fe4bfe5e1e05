/** `completions`: scripts with which a shell completes this program's command lines. */
import { or } from "@optique/core/constructs";
import { runParser } from "@optique/core/facade";
import { text } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";
import { command as subcommand, constant } from "@optique/core/primitives";
import type { Command } from "../shared/command.ts";
import { EXIT_CODES, type ExitCode, PROGRAM } from "../shared/program.ts";

const NAME = "completions";

const USAGE = `Write the completions script for a shell

Usage: ${PROGRAM} ${NAME} SHELL

SHELL is one of bash, fish, nu, pwsh and zsh. For bash, add this line to ~/.bashrc:

  eval "$(${PROGRAM} ${NAME} bash)"
`;

/** The command. It needs the parsers of all commands, so it is the only one that loads them all. */
export const command: Command = {
  parser: constant(null),
  async invoke(args, { stdout, stderr }, { entries }) {
    const [shell] = args;
    if (shell === undefined || shell === "--help" || shell === "-h") {
      (shell === undefined ? stderr : stdout).write(USAGE);
      return shell === undefined ? EXIT_CODES.usage : EXIT_CODES.ok;
    }
    const others = entries.filter(({ name }) => name !== NAME);
    const parsers = await Promise.all(others.map(async ({ name, summary, load }) => {
      const { command: { parser } } = await load();
      return subcommand(name, parser, { brief: [text(summary)] });
    }));
    let exitCode: ExitCode = EXIT_CODES.ok;
    const all: Parser<"sync", unknown, unknown> = or(...parsers);
    runParser<typeof all, void, void>(all, PROGRAM, [NAME, ...args], {
      completion: { command: { names: [NAME] }, onShow: () => {} },
      onError() {
        exitCode = EXIT_CODES.usage;
      },
      aboveError: "none",
      // Suggestions come in pieces that are not lines; the script is one piece without its last newline.
      stdout: (piece) => stdout.write(args.length > 1 ? piece : `${piece}\n`),
      stderr: (line) => stderr.write(`${line}\n`),
    });
    return exitCode;
  },
};
