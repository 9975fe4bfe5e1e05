/** The command line. Each command loads only its own code, so that the help is quick. */
import { COMMANDS } from "./commands/mod.ts";
import { EXIT_CODE_MEANINGS, EXIT_CODES, type ExitCode, PROGRAM } from "./shared/program.ts";
import { type Io, processIo } from "./terminal/text_sink.ts";

/**
 * Runs a command line and reports its errors. `args` begin with the command's name.
 *
 * @returns The exit code.
 */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const exitCode = await dispatch(args, io);
    if (io.stdout.failure !== null) await refuseIncomplete(io.stdout.failure);
    return exitCode;
  } catch (error) {
    const { reportError } = await import("./shared/report_error.ts");
    return reportError(error, io.stderr);
  }
}

/** Throws because a part of the output could not be written. The command has done its work. */
async function refuseIncomplete(cause: Error): Promise<never> {
  const { StoreError } = await import("../core/ports/mod.ts");
  const { reasonOf } = await import("../adapters/stores/store_errors.ts");
  throw new StoreError(
    `Cannot write all of the output: ${reasonOf(cause)}. ` +
      `Make the standard output writable, and give the same command again`,
    { cause },
  );
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<ExitCode> {
  switch (name) {
    case undefined:
      io.stderr.write(programHelp());
      return EXIT_CODES.usage;
    case "-h":
    case "--help":
    case "help":
      io.stdout.write(programHelp());
      return EXIT_CODES.ok;
    case "-V":
    case "--version": {
      const { VERSION } = await import("../core/version.ts");
      io.stdout.write(`${PROGRAM} ${VERSION}\n`);
      return EXIT_CODES.ok;
    }
  }
  const entry = COMMANDS.find((entry) => entry.name === name);
  if (entry === undefined) return unknownCommand(name, io);
  const { command } = await entry.load();
  return await command.invoke(rest, io, { entry, entries: COMMANDS });
}

async function unknownCommand(name: string, { stderr }: Io): Promise<ExitCode> {
  const { nearest } = await import("../core/experiment/problems.ts");
  const { neutralise } = await import("./terminal/neutralise.ts");
  const meant = nearest(name, COMMANDS.map(({ name }) => name));
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  const names = COMMANDS.map(({ name }) => name).join(", ");
  stderr.write(`Cannot run the command "${neutralise(name)}": there is no such command${hint}\n`);
  stderr.write(`The commands are ${names}; ${PROGRAM} --help says what they do\n`);
  return EXIT_CODES.usage;
}

/** The text that `--help` shows. */
function programHelp(): string {
  return `SynDisco: synthetic discussions among LLM agents, from one experiment file to event logs.

Usage: ${PROGRAM} COMMAND [...]
       ${PROGRAM} COMMAND --help

Commands:
${listed(COMMANDS.map(({ name, summary }) => [name, summary]))}

Options:
${listed([["-h, --help", "Show this help"], ["-V, --version", "Show the version"]])}

Exit codes:
${listed(Object.entries(EXIT_CODE_MEANINGS))}

A first run:  ${PROGRAM} init experiment.yaml && ${PROGRAM} run experiment.yaml
`;
}

function listed(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, meaning]) => `  ${name.padEnd(14)}${meaning}`).join("\n");
}

/** Runs the command line of this process, and ends the process. */
export async function start(): Promise<never> {
  Deno.exit(await main(Deno.args, processIo()));
}

if (import.meta.main) await start();
