/** `view`: serves a page that shows runs. */
import { argument, integer, message, multiple, object, option, optional, string } from "../shared/optique.ts";
import { missing, path, place } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, UsageError } from "../shared/program.ts";

const PORT_MAX = 65_535;

const parser = object({
  runs: multiple(
    argument(place("RUN"), {
      description:
        message`The runs: their folders, such as runs/NAME, or postgres://HOST/DATABASE/NAME. A run that does not exist yet is shown as soon as it begins.`,
    }),
    { min: 1 },
  ),
  port: optional(option("--port", integer({ metavar: "N", min: 1, max: PORT_MAX }), {
    description: message`The port of the page, such as 8642 for a tunnel; by default, any free one.`,
  })),
  export: optional(option("--export", path("DIR", "directory"), {
    description:
      message`Serve nothing, but write the page as files into this folder. They open from a disk or from any web host.`,
  })),
  leaveOut: optional(option("--leave-out", string({ metavar: "WHAT" }), {
    description:
      message`With --export: what to leave out, separated by commas: prompts, thoughts, raw. Raw replies can contain
thoughts, so leaving out thoughts also leaves out raw replies.`,
  })),
  include: optional(option("--include", string({ metavar: "WHAT" }), {
    description:
      message`With --export: what to include, separated by commas: experiment, outcomes, rater-names, private-words. By
default, none of these is included. The experiment file has all options of models. If outcomes are included, the run's log
records that results were seen.`,
  })),
  discussions: multiple(option("--discussion", string({ metavar: "NAME" }), {
    description: message`With --export: only this discussion. Can be given several times.`,
  })),
  conditions: multiple(option("--condition", string({ metavar: "NAME" }), {
    description: message`With --export: only discussions of this condition. Can be given several times.`,
  })),
  only: optional(option("--only", string({ metavar: "FILTERS" }), {
    description:
      message`With --export: only discussions that pass these filters, written as in the address of the page's list, such as
status=completed. The whole address can be given, too.`,
  })),
  yes: option("--yes", { description: message`With --export: do not ask before the page is written.` }),
}, missing("RUN", "a run's folder, such as runs/NAME"));

export const command = defineCommand({
  parser,
  description:
    message`Serves a page that shows every discussion of the runs with its prompts and replies, and follows runs in
progress. Only programs on this machine can reach the page, and they need the link that the command prints. The command
changes nothing in a run, but when you look at outcomes, the run's log records the look. Ctrl-C ends the command. With
--export, the command first says what the page contains, and then writes it as files, without private names.`,
  example: "view runs/first-experiment",
  async run({ port, export: to, ...values }, { stdout, stderr }) {
    const { runs } = values;
    if (to !== undefined) {
      if (port !== undefined) {
        throw new UsageError(
          "Cannot use --port with --export: an exported page needs no server. Leave out one of them",
        );
      }
      const { exportRuns } = await import("../view/export_command.ts");
      await exportRuns({ ...values, to }, { stdout, stderr });
      return EXIT_CODES.ok;
    }
    refuseWithout(values);
    const { findRuns } = await import("../view/find_runs.ts");
    const { serveRuns } = await import("../view/serve_runs.ts");
    const { hintText, untilStopped, waitingText } = await import("../view/messages.ts");
    const found = await findRuns(runs);
    await using served = await serveRuns(found, { port: port ?? 0 }, stderr);
    const stopped = untilStopped();
    stderr.write(waitingText(found) + hintText(served.port));
    stdout.write(`${served.link}\n`);
    await stopped;
    return EXIT_CODES.ok;
  },
});

/** @throws {UsageError} If an option of `--export` was given without it. */
function refuseWithout(
  { leaveOut, include, discussions, conditions, only, yes }: Omit<
    Parameters<typeof import("../view/export_command.ts").exportRuns>[0],
    "to" | "runs"
  >,
): void {
  const given = {
    "--leave-out": leaveOut !== undefined,
    "--include": include !== undefined,
    "--discussion": discussions.length > 0,
    "--condition": conditions.length > 0,
    "--only": only !== undefined,
    "--yes": yes,
  };
  const [first] = Object.entries(given).flatMap(([name, isGiven]) => isGiven ? [name] : []);
  if (first === undefined) return;
  throw new UsageError(`Cannot use ${first} here: it is for --export. Filter the list on the page instead`);
}
