/** Runs an import, and prints its summary. */
import {
  COMMENT_FIELDS,
  FormatError,
  type ImportProblem,
  readConditionRule,
  readDateReading,
  readMapping,
  type RoleRule,
  SCORE_FIELDS,
  type TableFormat,
} from "../../adapters/formats/mod.ts";
import {
  type AnnotationsOutcome,
  importAnnotations,
  importDiscussions,
  type ImportOutcome,
  importScores,
  ImportStopped,
  placeOf,
  type ScoresOutcome,
} from "../../adapters/imports/mod.ts";
import { EXIT_CODES, type ExitCode, ownCommand, UsageError } from "../shared/program.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { Io } from "../terminal/text_sink.ts";
import type { ImportValues } from "./parser.ts";

/** At most this many problems are printed for people; further ones are only counted. */
const PROBLEMS_SHOWN_MAX = 50;

/** Imports files as the command line says. @throws {UsageError} When it makes no sense, or a file cannot be read. */
export async function carryOut(values: ImportValues, { stdout, stderr }: Io): Promise<ExitCode> {
  let count = 0;
  const found = (problem: ImportProblem) => {
    count++;
    if (values.json) stdout.write(`${safeJson({ type: "problem", ...problem })}\n`);
    // The problem that stops a strict import is in the message of its error.
    else if (count <= PROBLEMS_SHOWN_MAX && !values.strict) stderr.write(`${problemText(problem)}\n`);
  };
  try {
    const imported = await importAsAsked(values, found);
    if (values.json) stdout.write(`${safeJson({ type: "imported", ...imported })}\n`);
    else {
      if (count > PROBLEMS_SHOWN_MAX) {
        stderr.write(`… and ${formatCount(count - PROBLEMS_SHOWN_MAX)} more problems\n`);
      }
      stdout.write(summaryOf(imported));
    }
    return count > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  } catch (error) {
    if (error instanceof FormatError) throw new UsageError(wholeFile(values, error), { cause: error });
    if (!(error instanceof ImportStopped)) throw error;
    if (!values.json) stderr.write(`${neutralise(error.message)}\n`);
    return EXIT_CODES.findings;
  }
}

async function importAsAsked(
  values: ImportValues,
  found: (problem: ImportProblem) => void,
): Promise<Imported> {
  const { strict } = values;
  switch (values.what) {
    case "discussions": {
      const { sources, out, format, condition, dateFormat, timeZone, roles, map } = values;
      const outcome = await importDiscussions(sources, {
        out,
        ...(format === "auto" ? {} : { format }),
        columns: readMapping(map, COMMENT_FIELDS),
        condition: readConditionRule(condition),
        dates: readDateReading(dateFormat, timeZone),
        roles: roles.map(readRole),
        strict,
        found,
      });
      return { what: values.what, ...outcome };
    }
    case "scores": {
      const { source, into, name, map, min, max, annotator } = values;
      if (min !== undefined && max !== undefined && min > max) {
        throw new UsageError(`Cannot use the scale from ${min} to ${max}: --min is above --max`);
      }
      const outcome = await importScores(source, {
        into,
        name,
        format: tableFormatOf(source),
        columns: readMapping(map, SCORE_FIELDS),
        min,
        max,
        annotator,
        strict,
        found,
      });
      return { what: values.what, ...outcome };
    }
    case "annotations": {
      const { sources, into, name, discussion } = values;
      const outcome = await importAnnotations(sources, { into, name, discussion, strict, found });
      return { what: values.what, ...outcome };
    }
    default:
      return values satisfies never;
  }
}

function tableFormatOf(file: string): TableFormat {
  if (/\.json$/i.test(file)) return "json";
  return /\.(jsonl|ndjson)$/i.test(file) ? "jsonl" : "csv";
}

function readRole(text: string): RoleRule {
  const [name, ...contains] = text.split("=");
  if (!name || contains.join("=") === "") {
    throw new UsageError(`Cannot read the role "${text}": expected NAME=TEXT, such as troll="online troll"`);
  }
  return { name, contains: contains.join("=") };
}

/** A table of scores is one file, which the message must name; other messages name their files. */
function wholeFile(values: ImportValues, { message, line }: FormatError): string {
  if (values.what !== "scores" || message.startsWith("Cannot ")) return message;
  return `Cannot import ${placeOf({ file: values.source, line, message })}: ${message}`;
}

function problemText(problem: ImportProblem): string {
  return neutralise(`${placeOf(problem)}: ${problem.message}`);
}

/** The result of an import. */
type Imported =
  | Readonly<{ what: "discussions" }> & ImportOutcome
  | Readonly<{ what: "scores" }> & ScoresOutcome
  | Readonly<{ what: "annotations" }> & AnnotationsOutcome;

/** The summary for people. */
function summaryOf(imported: Imported): string {
  const { folder } = imported;
  const next = [ownCommand("status", folder), ownCommand("replay", folder, "--verify")];
  return `${countsOf(imported)}\n${notesOf(imported)}\nTo look closer:\n${
    next.map((command) => `  ${command}\n`).join("")
  }`;
}

/** At most this many notes are printed for people. */
const NOTES_SHOWN_MAX = 20;

function notesOf(imported: Imported): string {
  const notes = "notes" in imported ? imported.notes : [];
  if (notes.length === 0) return "";
  const lines = notes.slice(0, NOTES_SHOWN_MAX).map((note) =>
    `${neutralise(`${placeOf(note)}: ${note.message}`)}\n`
  );
  const more = notes.length - lines.length;
  return `\nNotes:\n${lines.map((line) => `  ${line}`).join("")}${
    more > 0 ? `  … and ${formatCount(more)} more, which --json lists\n` : ""
  }`;
}

function countsOf(imported: Imported): string {
  const folder = neutralise(imported.folder);
  switch (imported.what) {
    case "discussions": {
      const { discussions, entries, silent, alreadyThere, files, problems } = imported;
      return `Imported ${plural(discussions, "discussion")} from ${plural(files, "file")} to ${folder}: ` +
        joined([
          `${plural(entries, "entry", "entries")}, ${formatCount(silent)} silent`,
          some(alreadyThere, "already there"),
          some(problems, "not imported, listed above"),
        ]);
    }
    case "scores": {
      const { discussions, comments, silences, unscored, alreadyThere, leftOut } = imported;
      return `Imported scores of ${plural(discussions, "discussion")} to ${folder}: ` + joined([
        `${plural(comments, "comment")} and ${plural(silences, "silence")} scored`,
        some(unscored, "slots without a score"),
        some(alreadyThere, "discussions had these scores already"),
        some(leftOut, "rows left out, listed above"),
      ]);
    }
    case "annotations": {
      const { passes, replies, files, alreadyThere, problems } = imported;
      return `Imported ${plural(passes, "annotation pass", "annotation passes")} from ${
        plural(files, "file")
      } to ${folder}: ` + joined([
        plural(replies, "reply", "replies"),
        some(alreadyThere, "already there"),
        some(problems, "not imported, listed above"),
      ]);
    }
    default:
      return imported satisfies never;
  }
}

function some(count: number, what: string): string {
  return count === 0 ? "" : `${formatCount(count)} ${what}`;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("; ");
}
