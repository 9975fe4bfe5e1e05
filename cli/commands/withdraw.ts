/** `withdraw`: makes the words of a person unreadable for good. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { argument, type InferValue, message, multiple, object, option, string } from "../shared/optique.ts";
import { missing, place, runPlace } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, shownPath, UsageError } from "../shared/program.ts";
import { Findings } from "../terminal/findings.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import type { RunLogs } from "../shared/logs.ts";
import type { FoundWords } from "../people/quotes.ts";
import type { People } from "../../core/run_log/mod.ts";

const parser = object({
  run: argument(place("RUN"), { description: runPlace }),
  persons: multiple(argument(string({ metavar: "PERSON" }), {
    description:
      message`Who withdraws: DISCUSSION/PARTICIPANT, or an annotator's name. The participant's name alone, or the beginning of
a name, is enough if only one person fits. Without a person, the command lists the people of the run.`,
  })),
  yes: option("--yes", {
    description: message`Do not ask before the keys are deleted. Give the whole names then.`,
  }),
  json: option("--json", { description: message`Write JSON lines.` }),
}, missing("RUN", "a run's folder, such as runs/NAME"));

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
    const persons = await named(values, logs, known);
    const { findWords } = await import("../people/quotes.ts");
    const { isAddress, runAt } = await import("../../adapters/stores/mod.ts");
    const found = await findWords(logs, persons);
    const isQuoted = tell(found, values, io.stdout);
    if (!values.yes) confirm(persons, io.stdout);
    const home = await runAt(values.run);
    for (const person of persons) {
      await home.withdraw(person, Date.now());
      // If the next withdrawal fails, the user knows about this one.
      done(person, found, values, io.stdout);
    }
    if (!values.json) io.stdout.write(remainsText(values.run, isAddress(values.run)));
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

/**
 * Returns the whole names of the persons whom the user means, each once.
 *
 * @throws {UsageError} If a name fits no person or several, or if `--yes` is given and a name is not the
 *   whole name.
 */
async function named(
  { persons, run, yes }: Values,
  logs: RunLogs,
  recorded: ReadonlySet<string>,
): Promise<readonly string[]> {
  const { namedPerson } = await import("../people/named_person.ts");
  let known = recorded;
  if (!persons.every((person) => recorded.has(person))) {
    // People who were asked and never agreed are only in the logs of the discussions.
    const { AskedPeople } = await import("../people/asked_people.ts");
    const { readLogs } = await import("../shared/read_logs.ts");
    const asked = new AskedPeople();
    await readLogs(logs, [asked]);
    known = new Set([...recorded, ...asked.names]);
  }
  const meant = persons.map((given) => {
    const found = namedPerson(given, known);
    if ("candidates" in found) throw notOne(given, found.candidates, { run, known });
    if (!found.isWhole && yes) throw notWhole(given, found.person);
    return found.person;
  });
  return [...new Set(meant)];
}

/** A message names at most this many people. */
const NAMED_MAX = 10;

function notOne(
  given: string,
  candidates: readonly string[],
  { run, known }: Readonly<{ run: string; known: ReadonlySet<string> }>,
): UsageError {
  const refused = `Cannot withdraw "${given}"`;
  if (known.size === 0) {
    return new UsageError(
      `${refused}: no person has taken part in ${shownPath(run)}. Check the path of the run`,
    );
  }
  return new UsageError(
    candidates.length === 0
      ? `${refused}: the run has no person of this name. Its people are ${some([...known].sort())}`
      : `${refused}: the run has several people whose names fit. Give the whole name of one: ${
        some(candidates)
      }`,
  );
}

function notWhole(given: string, person: string): UsageError {
  return new UsageError(
    `Cannot withdraw "${given}" without asking: this is not the whole name. With --yes, give "${person}"`,
  );
}

function some(persons: readonly string[]): string {
  const rest = persons.length - NAMED_MAX;
  const shown = persons.slice(0, NAMED_MAX).map((person) => `"${person}"`);
  return rest > 0 ? `${shown.join(", ")} and ${formatCount(rest)} more` : shown.join(", ");
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

function done(person: string, { words }: FoundWords, { json }: Values, stdout: TextSink): void {
  const count = words.get(person)!;
  if (json) return stdout.write(`${safeJson({ type: "withdrawn", person, ...count })}\n`);
  const { comments, ratings, others } = count;
  const parts = [
    ...(comments > 0 ? [plural(comments, "comment")] : []),
    ...(ratings > 0 ? [plural(ratings, "rating")] : []),
    ...(others > 0 ? [plural(others, "other reply", "other replies")] : []),
  ];
  const what = parts.length === 0
    ? "the run has no words of this person"
    : `${parts.join(" and ")} can no longer be read`;
  stdout.write(`${neutralise(person)} withdrew: ${what}\n`);
}

function remainsText(run: string, isAddress: boolean): string {
  const report = join(run, "report");
  const copies = isAddress ? "Backups of the database, and copies" : "Copies of this folder, backups";
  return `${copies} and archives with keys keep the words. Delete the keys there, too.\n` +
    (!isAddress && existsSync(report)
      ? `Reports and exports from before keep what they show: make ${
        shownPath(report)
      } again, or delete it.\n`
      : "Reports and exports from before keep what they show: make them again, or delete them.\n");
}
