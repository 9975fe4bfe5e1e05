/** How an import went, as text. */
import {
  type AnnotationsOutcome,
  type ImportOutcome,
  placeOf,
  type ScoresOutcome,
} from "../../adapters/imports/mod.ts";
import { ownCommand } from "../program.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";

/** What an import brought. */
export type Imported =
  | Readonly<{ what: "discussions" }> & ImportOutcome
  | Readonly<{ what: "scores" }> & ScoresOutcome
  | Readonly<{ what: "annotations" }> & AnnotationsOutcome;

/** The summary for people. */
export function summaryOf(imported: Imported): string {
  const { folder } = imported;
  const next = [ownCommand("status", folder), ownCommand("replay", folder, "--verify")];
  return `${countsOf(imported)}\n${notesOf(imported)}\nTo look closer:\n${
    next.map((command) => `  ${command}\n`).join("")
  }`;
}

/** Notes that are written out for people. */
const NOTES_SHOWN_MAX = 20;

function notesOf(imported: Imported): string {
  const notes = "notes" in imported ? imported.notes : [];
  if (notes.length === 0) return "";
  const lines = notes.slice(0, NOTES_SHOWN_MAX).map((note) =>
    `${neutralise(`${placeOf(note)}: ${note.message}`)}\n`
  );
  const more = notes.length - lines.length;
  return `\nTo know:\n${lines.map((line) => `  ${line}`).join("")}${
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
          `${plural(entries, "entry", "entries")}, ${formatCount(silent)} of them silent`,
          some(alreadyThere, "there already"),
          some(problems, "not imported, named above"),
        ]);
    }
    case "scores": {
      const { discussions, comments, silences, unscored, alreadyThere, leftOut } = imported;
      return `Imported scores of ${plural(discussions, "discussion")} to ${folder}: ` + joined([
        `${plural(comments, "comment")} and ${plural(silences, "silence")} scored`,
        some(unscored, "slots without a score"),
        some(alreadyThere, "discussions had these scores already"),
        some(leftOut, "rows left out, named above"),
      ]);
    }
    case "annotations": {
      const { passes, replies, files, alreadyThere, problems } = imported;
      return `Imported ${plural(passes, "annotation pass", "annotation passes")} from ${
        plural(files, "file")
      } to ${folder}: ` + joined([
        plural(replies, "reply", "replies"),
        some(alreadyThere, "there already"),
        some(problems, "not imported, named above"),
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
