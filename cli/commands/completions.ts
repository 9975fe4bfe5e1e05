/** `completions`: scripts that let a shell complete this program's command lines. */
import {
  argument,
  choice,
  command as subcommand,
  message,
  object,
  or,
  type Parser,
  runParser,
  text,
} from "../shared/optique.ts";
import { missing } from "../shared/arguments.ts";
import { type Command, type CommandEntry, defineCommand } from "../shared/command.ts";
import { EXIT_CODES, type ExitCode, PROGRAM } from "../shared/program.ts";
import type { Io } from "../terminal/text_sink.ts";

const NAME = "completions";
const SHELLS = ["bash", "fish", "nu", "pwsh", "zsh"] as const;

const parser = object({
  shell: argument(choice(SHELLS, { metavar: "SHELL" }), { description: message`${SHELLS.join(", ")}.` }),
}, missing("SHELL", `one of ${SHELLS.join(", ")}`));

const base = defineCommand({
  parser,
  description: message`For bash, add this line to ~/.bashrc: eval "$(syndisco completions bash)"`,
  example: "completions bash",
  run: ({ shell }, io, { entries }) => complete([shell], io, entries),
});

/** The scripts call this command again with the words typed so far. */
export const command: Command = {
  ...base,
  invoke: (args, io, options) =>
    args.length > 1 ? complete(args, io, options.entries) : base.invoke(args, io, options),
};

/** Writes the script for a shell, or suggestions for typed words. Loads all commands, because it needs their parsers. */
async function complete(
  args: readonly string[],
  { stdout, stderr }: Io,
  entries: readonly CommandEntry[],
): Promise<ExitCode> {
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
    // Suggestions contain their own newlines; the script lacks its last newline.
    stdout: (piece) => stdout.write(args.length > 1 ? piece : `${piece}\n`),
    stderr: (line) => stderr.write(`${line}\n`),
  });
  return exitCode;
}
