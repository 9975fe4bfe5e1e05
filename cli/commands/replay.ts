/** `replay`: shows a discussion or its state at any event, from its log; `--verify` renders its prompts again. */
import {
  argument,
  type InferValue,
  integer,
  message,
  object,
  option,
  optional,
  string,
} from "../shared/optique.ts";
import { missing, place, runOrLogPlace, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, type ExitCode, UsageError } from "../shared/program.ts";
import { chosenDiscussion } from "../shared/chosen_discussion.ts";
import type { Logs } from "../shared/logs.ts";
import type { ReplayProblem, ReplayReport } from "../replay/verify_prompts.ts";
import { Findings } from "../terminal/findings.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { Io } from "../terminal/text_sink.ts";

const parser = object({
  log: argument(place("RUN_OR_LOG", "any"), { description: runOrLogPlace }),
  discussion: optional(option("-d", "--discussion", string({ metavar: "ID" }), {
    description: message`The discussion's name, or the beginning of the name.`,
  })),
  at: optional(option("--at", integer({ metavar: "N", min: 0 }), {
    description: message`Stop after event N. The transcript shows the numbers, which start at 0.`,
  })),
  state: option("--state", { description: message`Show the state instead of the transcript, as JSON.` }),
  verify: option("--verify", {
    description:
      message`Make every decision and render every prompt again, for one discussion or all, and compare them
with the log.`,
  }),
  trust: trust(),
  json: option("--json", { description: message`Write JSON: one event per line, or the result.` }),
}, missing("RUN_OR_LOG", "a run's folder, or one of its logs"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description: message`Calls no model and changes nothing. The output depends only on the log.`,
  example: "replay runs/first-experiment --discussion c1-r1 --at 12",
  findings: "a log does not replay to the same decisions and prompts",
  async run(values, io) {
    const { verify, at, state } = values;
    if (verify && (at !== undefined || state)) {
      throw new UsageError("Cannot use --verify with --at or --state: a whole log is verified");
    }
    const { openLogs } = await import("../shared/logs.ts");
    const logs = await openLogs(values.log);
    if (verify) return await verifyAll(logs, values, io);
    const discussion = await chosenDiscussion(logs, values.discussion);
    if (state) await showState(logs, discussion, { values, io });
    else await showTranscript(logs, discussion, { values, io });
    return EXIT_CODES.ok;
  },
});

type Shown = Readonly<{ values: Values; io: Io }>;

async function showTranscript(
  logs: Logs,
  discussion: string,
  { values, io: { stdout } }: Shown,
): Promise<void> {
  const { transcriptEntry } = await import("../replay/transcript.ts");
  const { at = Infinity, json } = values;
  let events = 0;
  for await (const envelope of logs.events(discussion)) {
    if (envelope.seq > at || stdout.isClosed) return;
    stdout.write(json ? `${safeJson(envelope)}\n` : transcriptEntry(envelope, stdout));
    events++;
  }
  checkReached(discussion, events, values.at);
}

async function showState(logs: Logs, discussion: string, { values, io: { stdout } }: Shown): Promise<void> {
  const { replay } = await import("../../core/engine/mod.ts");
  const { state, events } = await replay(logs.events(discussion), values.at);
  checkReached(discussion, events, values.at);
  stdout.write(`${safeJson(state, values.json ? undefined : 2)}\n`);
}

/** Throws if a log ends before the requested event. Otherwise, the last event would be shown instead. */
function checkReached(discussion: string, events: number, at = -1): void {
  if (events > at) return;
  throw new UsageError(`Cannot show event ${at} of "${discussion}": its last event is ${events - 1}`);
}

async function verifyAll(
  logs: Logs,
  { discussion, trust, json }: Values,
  { stdout }: Io,
): Promise<ExitCode> {
  const { verifyPrompts } = await import("../replay/verify_prompts.ts");
  const discussions = discussion === undefined
    ? logs.discussions()
    : only(await chosenDiscussion(logs, discussion));
  const { notRunText, rulesOf } = await import("../shared/run_rules.ts");
  const { rules, unloadable } = await rulesOf(logs.run, trust);
  const problems = new Findings(json, stdout);
  const report = await verifyPrompts(logs, {
    discussions,
    rules,
    found: (problem) => problems.add({ type: "problem", ...problem }, problemText(problem)),
  });
  if (json) stdout.write(`${safeJson({ type: "verified", ...report })}\n`);
  else {
    stdout.write(problems.rest() + summary(report, logs));
    stdout.write(notRunText(report.assumed, unloadable));
  }
  return report.problems === 0 ? EXIT_CODES.ok : EXIT_CODES.findings;
}

function summary(
  { discussions, events, problems, promptsVerified, promptsInherited, promptsWithheld }: ReplayReport,
  { run }: Logs,
): string {
  const inherited = promptsInherited === 0
    ? ""
    : ` (${formatCount(promptsInherited)} more belong to the discussions that they were forked from)`;
  const withheld = promptsWithheld === 0
    ? ""
    : `, ${plural(promptsWithheld, "prompt")} with words of people that are withdrawn or sealed`;
  // Imported discussions have no prompts of this program.
  const prompts = run?.manifest.experiment.file === null && promptsVerified === 0
    ? "imported, so no prompt can be rendered again"
    : `${plural(promptsVerified, "prompt")} rendered again without a difference${inherited}${withheld}`;
  const divergences = problems === 0 ? "no divergences" : plural(problems, "divergence");
  return `${plural(discussions, "discussion")}, ${plural(events, "event")}: ${prompts}; ${divergences}\n`;
}

function problemText(problem: ReplayProblem): string {
  if ("message" in problem) return neutralise(problem.message);
  const { discussion, divergence: { seq, what, logged, replayed } } = problem;
  return neutralise(`${discussion}: event ${seq}: ${what}: the log says ${logged}, the replay ${replayed}`);
}

async function* only(discussion: string): AsyncGenerator<string> {
  yield discussion;
}
