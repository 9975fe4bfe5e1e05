/** A command: what it takes and what it does. */
import { type Message, text } from "@optique/core/message";
import { runParser } from "@optique/core/facade";
import type { Parser } from "@optique/core/parser";
import { EXIT_CODES, type ExitCode, PROGRAM } from "./program.ts";
import type { Io } from "../terminal/text_sink.ts";

/** What a command is made of. */
export type CommandParts<T> = Readonly<{
  parser: Parser<"sync", T, unknown>;
  /** What the help says besides the summary. */
  description: Message;
  examples?: Message;
  /** Carries the command out. */
  run: (values: T, io: Io) => Promise<ExitCode>;
}>;

/** A command that has not been loaded yet. */
export type CommandEntry = Readonly<{
  name: string;
  summary: string;
  load: () => Promise<{ command: Command }>;
}>;

/** A command that can be carried out. */
export type Command = Readonly<{
  parser: Parser<"sync", unknown, unknown>;
  /**
   * Carries the command out, or shows its help.
   *
   * @param args What follows the name on the command line.
   * @param io Where it writes.
   * @param options The command's own entry, and all entries.
   */
  invoke(
    args: readonly string[],
    io: Io,
    options: Readonly<{ entry: CommandEntry; entries: readonly CommandEntry[] }>,
  ): Promise<ExitCode>;
}>;

/** Makes a command of its parts. */
export function defineCommand<T>(parts: CommandParts<T>): Command {
  const { parser, description, examples, run } = parts;
  return {
    parser,
    invoke(args, io, { entry: { name, summary } }) {
      let shown: ExitCode | undefined;
      const stop = (exitCode: ExitCode): T => {
        shown = exitCode;
        return undefined as T;
      };
      const values = runParser<typeof parser, T, T>(parser, `${PROGRAM} ${name}`, args, {
        help: { option: { names: ["-h", "--help"] }, onShow: () => stop(EXIT_CODES.ok) },
        onError: () => stop(EXIT_CODES.usage),
        brief: [text(summary)],
        description,
        examples,
        aboveError: "usage",
        showDefault: true,
        colors: io.stdout.colours && io.stderr.colours,
        maxWidth: io.stdout.columns(),
        stdout: (line) => io.stdout.write(`${line}\n`),
        stderr: (line) => io.stderr.write(`${line}\n`),
      });
      return shown === undefined ? run(values, io) : Promise.resolve(shown);
    },
  };
}
