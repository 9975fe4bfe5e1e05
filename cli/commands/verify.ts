/** `verify`: checks that logs are unchanged, or that a run matches its declaration. */
import { argument, type InferValue, message, object, option, optional, string } from "../shared/optique.ts";
import { missing, path, place, runOrLogPlace, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, type ExitCode, ownCommand, UsageError } from "../shared/program.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import type { Io } from "../terminal/text_sink.ts";

const parser = object({
  log: argument(place("RUN_OR_LOG", "any"), { description: runOrLogPlace }),
  repair: option("--repair", {
    description:
      message`Move the lines of a damaged log, from the first damaged line on, to a file beside the log. Then the run can be
resumed from the undamaged lines. Nothing is deleted. The run's log records the new ends of the logs.`,
  }),
  printHead: option("--print-head", {
    description:
      message`If no problem is found, also print the head (the hash of the last event) of the run's log, for a
preregistration or a paper. The head fixes the run's declaration, and all logs that the run's log records.`,
  }),
  head: optional(option("--head", string({ metavar: "HASH", pattern: /^[0-9a-f]{64}$/ }), {
    description:
      message`Also check that the run still has everything that this head fixes, and list what came after it.`,
  })),
  design: option("--design", {
    description:
      message`Compare the run with its declaration instead: who spoke how often, roles, personas and openings, turns, how
many comments the prompts show, moderation, models and silence.`,
  }),
  declared: optional(option("--declared", path("FILE", "file"), {
    description:
      message`With --design: a YAML file that declares turns, history, turnTaking or schedule, for imported
discussions.`,
  })),
  trust: trust(),
  json: option("--json", {
    description: message`Write JSON lines: one for each damaged log or each check, then the counts.`,
  }),
}, missing("RUN_OR_LOG", "a run's folder, or one of its logs"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Checks the chain of hashes, the shape and the order of all events. Changes nothing without --repair. A killed
process can leave an unfinished last line. This line is no damage and does not count as an event.`,
  example: "verify runs/first-experiment",
  findings: "a log is damaged, the run's files were changed, or a check of the design is flagged",
  async run(values, io) {
    const { repair, design, declared } = values;
    if (design && repair) throw new UsageError("Cannot use --design with --repair: repair first, then check");
    const aboutHead = values.printHead || values.head !== undefined;
    if (aboutHead && (design || repair)) {
      throw new UsageError("Cannot use --print-head or --head with --design or --repair");
    }
    if (declared !== undefined && !design) throw new UsageError("Cannot use --declared without --design");
    try {
      return design ? await verifyDesign(values, io) : await verifyLogs(values, io);
    } catch (error) {
      return await reportChanged(error, values, io);
    }
  },
});

/**
 * If the error says that the manifest is damaged, reports this as a finding. Throws any other error again.
 */
async function reportChanged(error: unknown, { json }: Values, { stdout }: Io): Promise<ExitCode> {
  const { RunError } = await import("../../core/run_log/mod.ts");
  if (!(error instanceof RunError && error.kind === "damaged-manifest")) throw error;
  const problem = error.message;
  stdout.write(json ? `${safeJson({ type: "run", problem })}\n` : `${neutralise(problem)}\n`);
  return EXIT_CODES.findings;
}

async function verifyDesign({ log, declared, trust, json }: Values, { stdout }: Io): Promise<ExitCode> {
  const { openLogs } = await import("../shared/logs.ts");
  const { checkRun } = await import("../fidelity/check_run.ts");
  const { fidelityText } = await import("../fidelity/view.ts");
  const found = await checkRun(await openLogs(log), { declared, trusted: trust });
  const flagged = found.checks.filter(({ verdict }) => verdict === "flag").length;
  if (json) {
    for (const check of found.checks) stdout.write(`${safeJson({ type: "check", ...check })}\n`);
    for (const problem of found.problems) stdout.write(`${safeJson({ type: "problem", ...problem })}\n`);
    const { discussions, declaredBy, checks, problems } = found;
    const counts = { discussions, checks: checks.length, flagged, problems: problems.length };
    stdout.write(`${safeJson({ type: "checked", declaredBy, ...counts })}\n`);
  } else stdout.write(fidelityText(stdout, found));
  return flagged + found.problems.length > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
}

/** Checks the logs of a run, or one log. */
export async function verifyLogs(
  { log, repair, json, printHead = false, head }:
    & Pick<Values, "log" | "repair" | "json">
    & Partial<Pick<Values, "printHead" | "head">>,
  { stdout }: Io,
): Promise<ExitCode> {
  const { openLogs } = await import("../shared/logs.ts");
  const { checkLogs } = await import("../verify/check_logs.ts");
  const { endsAt, headIn, headText, heldText } = await import("../verify/heads.ts");
  const logs = await openLogs(log);
  const runLog = logs.run?.log.kind === "kept" ? logs.run.log.log : null;
  if ((printHead || head !== undefined) && (runLog === null || logs.only !== null)) {
    throw new UsageError(
      `Cannot use the head of "${log}": ` +
        (runLog === null ? "it has no intact log of the run" : "give the run's folder"),
    );
  }
  const held = head === undefined ? null : headIn(runLog!, head);
  const ends = held === null ? {} : { ends: endsAt(runLog!, held) };
  const { counts, problems, areEventsLost } = await checkLogs(logs, { repair, json, stdout, ...ends });
  if (!json && counts.damaged > 0 && !repair) {
    const first = areEventsLost ? "Restore lost events from a copy of the run, if there is one.\n" : "";
    const command = ownCommand("verify", log, "--repair");
    stdout.write(`\n${first}To move the damage to another file and keep the rest:\n  ${command}\n`);
  }
  if (held !== null) stdout.write(heldText(held, runLog!, json));
  else if (head !== undefined) {
    const text =
      "The run's log does not contain this head: the head is of another run, or the log was rewritten";
    stdout.write(json ? `${safeJson({ type: "head", hash: head, found: false })}\n` : `\n${text}\n`);
    return EXIT_CODES.findings;
  }
  if (problems > 0) return EXIT_CODES.findings;
  if (printHead) stdout.write(headText(headIn(runLog!, null)!, counts, json));
  return EXIT_CODES.ok;
}
