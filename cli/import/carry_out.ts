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
  importAnnotations,
  importDiscussions,
  importScores,
  ImportStopped,
  placeOf,
  recoverFromFiles,
} from "../../adapters/imports/mod.ts";
import { basename, extname } from "node:path";
import type { ImportValues } from "./parser.ts";
import { refuseFile, writeTextFile } from "../shared/files.ts";
import { EXIT_CODES, type ExitCode, ownCommand, shownPath, UsageError } from "../shared/program.ts";
import { Findings } from "../terminal/findings.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { Io } from "../terminal/text_sink.ts";

/** The result of an import, and its summary: a head and parts. Empty parts are left out. */
type Imported = Readonly<{
  outcome: Readonly<{ folder: string; notes?: readonly ImportProblem[] }>;
  head: string;
  parts: readonly string[];
}>;

type Found = (problem: ImportProblem) => void;
type ValuesOf<What extends ImportValues["what"]> = Extract<ImportValues, { what: What }>;

/**
 * Imports files.
 *
 * @throws {UsageError} When the command line is invalid, or a file cannot be read.
 */
export async function carryOut(values: ImportValues, { stdout, stderr }: Io): Promise<ExitCode> {
  const problems = new Findings(values.json, stdout, stderr);
  const found = (problem: ImportProblem) => {
    // With --strict, the first problem stops the import, and the error message describes it.
    if (values.json || !values.strict) problems.add({ type: "problem", ...problem }, textOf(problem));
    else problems.count++;
  };
  try {
    if (values.what === "discussions" && values.experiment !== undefined) {
      await recover(values, values.experiment, { found, stdout });
      if (values.out === undefined) {
        if (!values.json) stderr.write(problems.rest(" problems"));
        return problems.count > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
      }
    }
    const { outcome, head, parts } = await imported(values, found);
    if (values.json) {
      stdout.write(`${safeJson({ type: "imported", what: values.what, ...outcome })}\n`);
    } else {
      stderr.write(problems.rest(" problems"));
      const { folder } = outcome;
      const next = [
        ownCommand("status", folder),
        ownCommand("view", folder),
        ownCommand("replay", folder, "--verify"),
      ];
      stdout.write(
        `${head} to ${shownPath(folder)}: ${parts.filter((part) => part !== "").join("; ")}\n` +
          `${notesText(outcome.notes ?? [])}\nTo look closer:\n  ${next.join("\n  ")}\n`,
      );
    }
    return problems.count > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  } catch (error) {
    if (error instanceof FormatError) throw new UsageError(error.message, { cause: error });
    if (!(error instanceof ImportStopped)) throw error;
    if (!values.json) stderr.write(`${neutralise(error.message)}\n`);
    return EXIT_CODES.findings;
  }
}

function imported(values: ImportValues, found: Found): Promise<Imported> {
  switch (values.what) {
    case "discussions":
      return discussions(values, found);
    case "scores":
      return scores(values, found);
    case "annotations":
      return annotations(values, found);
  }
}

async function discussions(values: ValuesOf<"discussions">, found: Found): Promise<Imported> {
  const { sources, out, format, condition, dateFormat, timeZone, roles, map, keepPrivate, strict } = values;
  if (out === undefined) {
    throw new UsageError(
      "Cannot import these files: name the run's folder with --out DIR, or an experiment file to recover with " +
        "--experiment FILE",
    );
  }
  const outcome = await importDiscussions(sources, {
    out,
    format: format === "auto" ? undefined : format,
    columns: readMapping(map, COMMENT_FIELDS),
    condition: readConditionRule(condition),
    dates: readDateReading(dateFormat, timeZone),
    roles: roles.map(readRole),
    keepPrivate,
    strict,
    found,
  });
  return {
    outcome,
    head: `Imported ${plural(outcome.discussions, "discussion")} from ${plural(outcome.files, "file")}`,
    parts: [
      `${plural(outcome.entries, "entry", "entries")}, ${formatCount(outcome.silent)} silent`,
      some(outcome.alreadyThere, "already there"),
      some(outcome.problems, "not imported, listed above"),
    ],
  };
}

async function recover(
  { sources, condition, roles, strict, json }: ValuesOf<"discussions">,
  file: string,
  { found, stdout }: Readonly<{ found: Found; stdout: Io["stdout"] }>,
): Promise<void> {
  if (!/^\.ya?ml$/i.test(extname(file))) {
    throw new UsageError(
      `Cannot write "${file}": an experiment file is YAML. Name a file that ends in .yaml or .yml`,
    );
  }
  refuseFile(file, { force: null });
  const { text, ...recovered } = await recoverFromFiles(sources, {
    name: experimentName(file),
    file,
    condition: readConditionRule(condition),
    roles: roles.map(readRole),
    strict,
    found,
  });
  await writeTextFile(file, text, { force: null });
  if (json) {
    stdout.write(`${safeJson({ type: "recovered", file, ...recovered })}\n`);
    return;
  }
  const { discussions, files, factors, personas, openings, models, doubts } = recovered;
  const levels = Object.entries(factors).map(([name, labels]) => `${name} (${labels.join(", ")})`);
  const parts = [
    levels.length === 0 ? "no factors" : `${levels.length === 1 ? "factor" : "factors"} ${levels.join("; ")}`,
    plural(personas, "persona"),
    plural(openings, "opening"),
    models.length === 0 ? "" : `original ${models.length === 1 ? "model" : "models"} ${models.join(", ")}`,
  ];
  const next = [ownCommand("validate", file), ownCommand("plan", file)];
  stdout.write(
    neutralise(
      `Recovered ${file} from ${plural(discussions, "discussion")} in ${plural(files, "file")}: ${
        parts.filter((part) => part !== "").join("; ")
      }`,
    ) + `\n${
      doubts.map((doubt) => `\n  ${neutralise(doubt)}`).join("")
    }${doubts.length === 0 ? "" : "\n"}\nRead its comments, and replace the scripted model. Then:\n  ${
      next.join("\n  ")
    }\n`,
  );
}

/** The file's name, with "-" for characters that names of experiments cannot have. */
function experimentName(file: string): string {
  const name = basename(file, extname(file)).replaceAll(/[^A-Za-z0-9_.-]+/g, "-").replace(/^[.-]+/, "");
  return name === "" ? "repeated" : name;
}

async function scores(values: ValuesOf<"scores">, found: Found): Promise<Imported> {
  const { source, into, name, map, min, max, annotator, strict } = values;
  if (min !== undefined && max !== undefined && min > max) {
    throw new UsageError(`Cannot use the scale from ${min} to ${max}: --min is above --max`);
  }
  const columns = readMapping(map, SCORE_FIELDS);
  const format = tableFormatOf(source);
  const options = { into, name, format, columns, min, max, annotator, strict, found };
  const outcome = await importScores(source, options).catch((error) => {
    // Errors in a table do not name its file.
    if (!(error instanceof FormatError) || error.message.startsWith("Cannot ")) throw error;
    const { line, message } = error;
    const place = placeOf({ file: source, line, message });
    throw new UsageError(`Cannot import ${place}: ${message}`, { cause: error });
  });
  return {
    outcome,
    head: `Imported scores of ${plural(outcome.discussions, "discussion")}`,
    parts: [
      `${plural(outcome.comments, "comment")} and ${plural(outcome.silences, "silence")} scored`,
      some(outcome.unscored, "slot without a score", "slots without a score"),
      some(
        outcome.alreadyThere,
        "discussion had these scores already",
        "discussions had these scores already",
      ),
      some(outcome.leftOut, "row left out, listed above", "rows left out, listed above"),
    ],
  };
}

async function annotations(values: ValuesOf<"annotations">, found: Found): Promise<Imported> {
  const { sources, into, name, discussion, strict } = values;
  const outcome = await importAnnotations(sources, { into, name, discussion, strict, found });
  const passes = plural(outcome.passes, "annotation pass", "annotation passes");
  return {
    outcome,
    head: `Imported ${passes} from ${plural(outcome.files, "file")}`,
    parts: [
      plural(outcome.replies, "reply", "replies"),
      some(outcome.alreadyThere, "already there"),
      some(outcome.problems, "not imported, listed above"),
    ],
  };
}

function tableFormatOf(file: string): TableFormat {
  if (/\.json$/i.test(file)) return "json";
  return /\.(jsonl|ndjson)$/i.test(file) ? "jsonl" : "csv";
}

function readRole(text: string): RoleRule {
  const [, name, contains] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || contains === undefined) {
    throw new UsageError(`Cannot read the role "${text}": expected NAME=TEXT, such as troll="online troll"`);
  }
  return { name, contains };
}

/** The summary shows at most this many notes. */
const NOTES_SHOWN_MAX = 20;

function notesText(notes: readonly ImportProblem[]): string {
  if (notes.length === 0) return "";
  const shown = notes.slice(0, NOTES_SHOWN_MAX).map((note) => `  ${textOf(note)}\n`).join("");
  const more = notes.length - NOTES_SHOWN_MAX;
  return `\nNotes:\n${shown}${more > 0 ? `  … and ${formatCount(more)} more, which --json lists\n` : ""}`;
}

function textOf(problem: ImportProblem): string {
  return neutralise(`${placeOf(problem)}: ${problem.message}`);
}

function some(count: number, one: string, many = one): string {
  return count === 0 ? "" : plural(count, one, many);
}
