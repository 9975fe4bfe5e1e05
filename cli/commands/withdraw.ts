/** `withdraw`: makes the words of a person unreadable for good. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { argument, type InferValue, message, multiple, object, option, string } from "../shared/optique.ts";
import { missing, path } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, ownCommand, shownPath, UsageError } from "../shared/program.ts";
import { Findings } from "../terminal/findings.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import type { FoundWords } from "../people/quotes.ts";
import type { People } from "../../core/run_log/mod.ts";

const parser = object({
  run: argument(path("RUN", "directory"), { description: message`The run's folder, such as runs/NAME.` }),
  persons: multiple(argument(string({ metavar: "PERSON" }), {
    description:
      message`Who withdraws: a seat, DISCUSSION/PARTICIPANT, or an annotator's name. Without a person, the command lists
all people of the run.`,
  })),
  yes: option("--yes", { description: message`Do not ask before the keys are deleted.` }),
  json: option("--json", { description: message`Write JSON lines.` }),
}, missing("RUN", "the run's folder, such as runs/NAME"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Deletes the key to a person's words, so that no one can read them any more, and records the withdrawal. The run
can be in progress. The person's comments keep their places, are shown as withdrawn, and count as missing. Copies of the
folder elsewhere keep their keys. The command first lists the replies of others that repeat the person's words, because
these replies stay.`,
  example: "withdraw runs/first-experiment gentle.r0001/Amara",
  findings: "replies of others repeat the person's words",
  async run(values, io) {
    const { openRunLogs } = await import("../shared/logs.ts");
    const { peopleOf } = await import("../../core/run_log/mod.ts");
    const logs = await openRunLogs(values.run);
    const people = peopleOf(logs.run.log.kind === "kept" ? logs.run.log.log : { entries: [] });
    const keys = await logs.run.store.keys?.persons() ?? new Map();
    const known = new Set([...people.agreed.keys(), ...people.withdrew.keys(), ...keys.keys()]);
    if (values.persons.length === 0) {
      list([...known].sort(), people, values, io.stdout);
      return EXIT_CODES.ok;
    }
    for (const person of values.persons) {
      if (!known.has(person)) throw unknown(person, values.run, known);
    }
    const { findWords } = await import("../people/quotes.ts");
    const { folderRun } = await import("../../adapters/stores/mod.ts");
    const found = await findWords(logs, values.persons);
    const isQuoted = tell(found, values, io.stdout);
    if (!values.yes) confirm(values.persons, io.stdout);
    const home = folderRun(values.run);
    for (const person of values.persons) await home.withdraw(person, Date.now());
    for (const person of values.persons) done(person, found, values, io.stdout);
    if (!values.json) io.stdout.write(remainsText(values.run));
    return isQuoted ? EXIT_CODES.findings : EXIT_CODES.ok;
  },
});

function list(persons: readonly string[], people: People, { run, json }: Values, stdout: TextSink): void {
  if (persons.length === 0 && !json) stdout.write(`No person has taken part in ${shownPath(run)}\n`);
  for (const person of persons) {
    const agreed = people.agreed.get(person)?.at(-1)?.at ?? null;
    const withdrew = people.withdrew.get(person) ?? null;
    const state = withdrew !== null
      ? `withdrew ${withdrew}`
      : agreed === null
      ? "no consent recorded"
      : `agreed ${agreed}`;
    stdout.write(
      json
        ? `${safeJson({ type: "person", person, agreed, withdrew })}\n`
        : `${neutralise(person)}: ${state}\n`,
    );
  }
}

function unknown(person: string, run: string, known: ReadonlySet<string>): UsageError {
  return new UsageError(
    known.size === 0
      ? `Cannot withdraw "${person}": no person has taken part in ${
        shownPath(run)
      }. Check the path of the run`
      : `Cannot withdraw "${person}": no person of this name has taken part in the run. ` +
        `List the people of the run with: ${ownCommand("withdraw", run)}`,
  );
}

/** Lists the replies that stay. Returns whether there are any. */
function tell({ quotes }: FoundWords, { json }: Values, stdout: TextSink): boolean {
  const findings = new Findings(json, stdout);
  if (quotes.length > 0 && !json) {
    stdout.write("These replies of others repeat words of the person, and stay:\n");
  }
  for (const quote of quotes) {
    const { discussion, seq, by } = quote;
    findings.add({ type: "quote", ...quote }, `  ${neutralise(`${discussion}, event ${seq}, by ${by}`)}`);
  }
  if (!json) stdout.write(findings.rest());
  return quotes.length > 0;
}

/** @throws {UsageError} If the answer is no, or no one can answer. */
function confirm(persons: readonly string[], stdout: TextSink): void {
  const whose = persons.map((person) => neutralise(person)).join(", ");
  if (!stdout.isTerminal || !Deno.stdin.isTerminal()) {
    throw new UsageError(
      `Cannot ask whether ${whose} should withdraw: the program does not run in a terminal. Give --yes`,
    );
  }
  const answer = prompt(`Make the words of ${whose} unreadable for good? Type yes:`);
  if (answer?.trim().toLowerCase() !== "yes") {
    throw new UsageError(`Nothing was changed: the answer was not "yes"`);
  }
}

function done(person: string, { events }: FoundWords, { json }: Values, stdout: TextSink): void {
  const texts = events.get(person) ?? 0;
  stdout.write(
    json
      ? `${safeJson({ type: "withdrawn", person, texts })}\n`
      : `${neutralise(person)} withdrew: ${plural(texts, "text")} can no longer be read\n`,
  );
}

function remainsText(run: string): string {
  const report = join(run, "report");
  return "Copies of this folder, backups and archives with keys keep the words. Delete the keys there, too.\n" +
    (existsSync(report)
      ? `Reports and exports from before keep what they show: make ${
        shownPath(report)
      } again, or delete it.\n`
      : "Reports and exports from before keep what they show: make them again, or delete them.\n");
}
