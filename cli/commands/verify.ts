/** `verify`: checks that logs are unchanged, or that a run matches its declaration. */
import { argument, type InferValue, message, object, option, optional } from "../shared/optique.ts";
import type { LogRepair, LogReport } from "../../adapters/stores/verify_log.ts";
import { missing, path, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, type ExitCode, ownCommand, UsageError } from "../shared/program.ts";
import { Findings } from "../terminal/findings.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { Io } from "../terminal/text_sink.ts";

const parser = object({
  log: argument(path("RUN_OR_LOG"), { description: message`A run's folder, or one log of a discussion.` }),
  repair: option("--repair", {
    description:
      message`Move the lines of a damaged log, from the first damaged line on, to a file beside the log. Then the run can be
resumed from the undamaged lines. Nothing is deleted.`,
  }),
  design: option("--design", {
    description:
      message`Compare the run with its declaration instead: who spoke how often, roles, personas and openings, turns,
window, moderation, models and silence.`,
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
    if (declared !== undefined && !design) throw new UsageError("Cannot use --declared without --design");
    return design ? await verifyDesign(values, io) : await verifyLogs(values, io);
  },
});

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
  { log, repair, json }: Pick<Values, "log" | "repair" | "json">,
  { stdout }: Io,
): Promise<ExitCode> {
  const { nativeSha256 } = await import("../../adapters/system.ts");
  const { repairLog, verifyLog } = await import("../../adapters/stores/verify_log.ts");
  const { folderRun } = await import("../../adapters/stores/mod.ts");
  const { headProblems, NO_RUN_LOG, RunHeadTally } = await import("../../analysis/fidelity/mod.ts");
  const { openLogs, recordOf } = await import("../shared/logs.ts");
  const logs = await openLogs(log);
  await using closing = new AsyncDisposableStack();
  // The lease keeps others from writing to the logs meanwhile.
  if (repair && logs.run !== null) closing.defer((await folderRun(logs.run.place).reopen()).close);
  // The plan counts only when the whole run is checked, not for a single log.
  const planned = logs.run?.place === log ? logs.run.manifest.plan.discussions : 1;
  const counts = { planned, logs: 0, events: 0, ended: 0, damaged: 0, torn: 0, repaired: 0 };
  const record = logs.run === null ? null : recordOf(logs.run);
  const found = new Findings(json, stdout);
  const heads = new RunHeadTally(record?.log ?? { kind: "none" });
  for await (const discussion of logs.discussions()) {
    const file = logs.placeOf(discussion);
    const { report, setAside }: LogRepair = repair
      ? await repairLog(file, nativeSha256)
      : { report: verifyLog(file, nativeSha256), setAside: null };
    if (report.events > 0) heads.add(discussion, report.runLog);
    counts.logs++;
    counts.events += report.events;
    if (report.ended) counts.ended++;
    if (report.bytesTorn > 0) counts.torn++;
    if (setAside !== null) counts.repaired++;
    if (report.damage !== null) counts.damaged++;
    if (report.damage === null && setAside === null) continue;
    found.add({ type: "log", ...report, setAside }, logText(report, setAside));
  }
  const changed = record === null ? [] : [...record.problems, ...headProblems(heads.found())];
  for (const problem of changed) {
    stdout.write(json ? `${safeJson({ type: "run", problem })}\n` : `${neutralise(problem)}\n`);
  }
  const runLog = record?.log.kind ?? null;
  if (json) stdout.write(`${safeJson({ type: "verified", ...counts, changed: changed.length, runLog })}\n`);
  else {
    stdout.write(found.rest() + summary(counts));
    const isOwn = logs.run !== null && logs.run.experimentText !== null;
    if (isOwn && runLog === "none" && changed.length === 0) stdout.write(`${NO_RUN_LOG}\n`);
    if (counts.damaged > 0 && !repair) {
      const command = ownCommand("verify", log, "--repair");
      stdout.write(`\nTo move the damage to another file and keep the rest:\n  ${command}\n`);
    }
  }
  return (counts.damaged > 0 && !repair) || changed.length > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
}

function logText({ file, events, damage, bytesTorn }: LogReport, setAside: LogRepair["setAside"]): string {
  const found = damage === null
    ? `${neutralise(file)}: the last ${plural(bytesTorn, "byte")} are an unfinished line`
    : `${neutralise(file)}:${damage.lineNumber}: byte ${damage.byte}: ${neutralise(damage.message)}; ` +
      `${plural(events, "event")} before it ${events === 1 ? "is" : "are"} good`;
  const moved = setAside === null
    ? ""
    : `\n  moved ${plural(setAside.bytes, "byte")} to ${neutralise(setAside.file)}`;
  return found + moved;
}

function summary(
  { planned, logs, events, ended, damaged, torn, repaired }: Readonly<
    Record<"planned" | "logs" | "events" | "ended" | "damaged" | "torn" | "repaired", number>
  >,
): string {
  const parts = [
    `${plural(logs, "log")} (${formatCount(ended)} of finished discussions), ${plural(events, "event")}: ` +
    `${damaged === 0 ? "all unchanged" : `${formatCount(damaged)} damaged`}`,
    logs >= planned
      ? ""
      : `${formatCount(planned - logs)} of the ${formatCount(planned)} planned discussions ${
        planned - logs === 1 ? "has" : "have"
      } no log`,
    torn === 0 ? "" : `${formatCount(torn)} with an unfinished last line`,
    repaired === 0 ? "" : `${formatCount(repaired)} repaired`,
  ];
  return `${parts.filter((part) => part !== "").join("; ")}\n`;
}
