/** `view`: serves a page that shows runs. */
import { argument, integer, message, multiple, object, option, optional } from "../shared/optique.ts";
import { missing, path } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES } from "../shared/program.ts";

const PORT_MAX = 65_535;

const parser = object({
  runs: multiple(
    argument(path("RUN", "directory"), {
      description:
        message`The runs' folders, such as runs/NAME. A run that does not exist yet is shown as soon as it does.`,
    }),
    { min: 1 },
  ),
  port: optional(option("--port", integer({ metavar: "N", min: 1, max: PORT_MAX }), {
    description: message`The port of the page, such as 8642 for a tunnel; by default, any free one.`,
  })),
}, missing("RUN", "a run's folder, such as runs/NAME"));

export const command = defineCommand({
  parser,
  description:
    message`Serves a page that shows every discussion of the runs with its prompts and replies, and follows runs in
progress. Only programs on this machine can reach the page, and they need the link that the command prints. Until you look
at outcomes, the command changes nothing in a run; then the run's log records the look. Ctrl-C ends the command.`,
  example: "view runs/first-experiment",
  async run({ runs, port = 0 }, { stdout, stderr }) {
    const { findRuns } = await import("../view/find_runs.ts");
    const { serveRuns } = await import("../view/serve_runs.ts");
    const { hintText, untilStopped, waitingText } = await import("../view/messages.ts");
    const found = await findRuns(runs);
    await using served = await serveRuns(found, { port }, stderr);
    const stopped = untilStopped();
    stderr.write(waitingText(found) + hintText(served.port));
    stdout.write(`${served.link}\n`);
    await stopped;
    return EXIT_CODES.ok;
  },
});
