/** The type of a command: its parser, its help, and the function that runs it. */
import { type Message, type Parser, runParser, text } from "./optique.ts";
import { EXIT_CODES, type ExitCode, PROGRAM } from "./program.ts";
import type { Io } from "../terminal/text_sink.ts";

/** Texts for the help and the reference, besides the summary and the options. */
type CommandText = Readonly<{
  description: Message;
  /** A command line without the program's name. */
  example: string;
  /** The meaning of exit code 1, for commands that use this code. */
  findings?: string;
}>;

/** A command that has not been loaded yet. */
export type CommandEntry = Readonly<{
  name: string;
  summary: string;
  load: () => Promise<{ command: Command }>;
}>;

/** A command that has been loaded. */
export type Command =
  & CommandText
  & Readonly<{
    parser: Parser<"sync", unknown, unknown>;
    /** Runs the command, or shows its help. `args` follow the command's name; `entry` is the command's own entry. */
    invoke(
      args: readonly string[],
      io: Io,
      options: Readonly<{ entry: CommandEntry; entries: readonly CommandEntry[] }>,
    ): Promise<ExitCode>;
  }>;

/** The words that the user gave after the program's name, and all commands. */
export type Given = Readonly<{ words: readonly string[]; entries: readonly CommandEntry[] }>;

/** The parts of a command: parser, function and texts. */
type CommandParts<T> =
  & CommandText
  & Readonly<{
    parser: Parser<"sync", T, unknown>;
    run: (values: T, io: Io, given: Given) => Promise<ExitCode>;
  }>;

/** Makes a command from its parts. */
export function defineCommand<T>({ parser, run, ...told }: CommandParts<T>): Command {
  const { description, example, findings } = told;
  return {
    parser,
    ...told,
    invoke(args, io, { entry: { name, summary }, entries }) {
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
        examples: [text(`${PROGRAM} ${example}`)],
        footer: findings === undefined ? undefined : [text(`Exit code 1: ${findings}.`)],
        aboveError: "usage",
        showDefault: true,
        colors: io.stdout.colours && io.stderr.colours,
        maxWidth: io.stdout.columns(),
        stdout: (line) => io.stdout.write(`${line}\n`),
        stderr: (line) => io.stderr.write(`${line}\n`),
      });
      return shown === undefined
        ? run(values, io, { words: [name, ...args], entries })
        : Promise.resolve(shown);
    },
  };
}
