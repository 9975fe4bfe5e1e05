/** The command line. It loads as little as it can: whoever asks for help should not wait. */
import { COMMANDS } from "./commands.ts";
import { EXIT_CODES, type ExitCode } from "./exit_codes.ts";
import { programHelp } from "./help.ts";
import { PROGRAM } from "./program.ts";
import { type Io, processIo } from "./terminal/text_sink.ts";

/**
 * Carries a command line out.
 *
 * @param args Without the program's name.
 * @param io Where it writes.
 * @returns The exit code; every error has been reported.
 */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const exitCode = await dispatch(args, io);
    if (io.stdout.failure !== null) await refuseIncomplete(io.stdout.failure);
    return exitCode;
  } catch (error) {
    const { reportError } = await import("./report_error.ts");
    return reportError(error, io.stderr);
  }
}

/** What was not written down is lost, though the work itself was done. */
async function refuseIncomplete(cause: Error): Promise<never> {
  const { StoreError } = await import("../core/ports/mod.ts");
  const { reasonOf } = await import("../adapters/stores/storage_error.ts");
  throw new StoreError(
    `Cannot write all of the output: ${reasonOf(cause)}. ` +
      `Give the same command again when the standard output can be written to`,
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
  stderr.write(`Cannot run the command "${neutralise(name)}": there is none of that name${hint}\n`);
  stderr.write(`The commands are ${names}; ${PROGRAM} --help says what they do\n`);
  return EXIT_CODES.usage;
}

if (import.meta.main) Deno.exit(await main(Deno.args, processIo()));
