/** What the command line of `import` can say. */
import { object, or } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, command as subcommand, constant, option } from "@optique/core/primitives";
import { choice, float, string } from "@optique/core/valueparser";
import { missing, path } from "../shared/arguments.ts";

function sourcesNeeded(what: string) {
  return { min: 1, errors: { tooFew: [text(`FILE_OR_FOLDER is missing: ${what}.`)] } };
}

const strict = option("--strict", {
  description: message`Stop at the first thing that cannot be imported; what was imported before it is kept.`,
});
const json = option("--json", {
  description: message`Write JSON: every problem on a line, then the counts.`,
});
const map = multiple(
  option("--map", string({ metavar: "FIELD=COLUMN" }), {
    description:
      message`Which column of a table holds what, where its name does not tell; FIELD= says that none does.`,
  }),
);
const into = option("--into", path("RUN", "directory"), { description: message`The run's folder.` });

const discussions = object({
  what: constant("discussions"),
  sources: multiple(
    argument(path("FILE_OR_FOLDER"), { description: message`Files, and folders of files.` }),
    sourcesNeeded("the files to import"),
  ),
  out: option("-o", "--out", path("DIR", "directory"), {
    description: message`The run's folder: a new one, or one of imported discussions.`,
  }),
  format: withDefault(
    option("--format", choice(["auto", "python-library", "csv", "jsonl", "json"]), {
      description:
        message`The format of the files: auto, python-library, csv, jsonl or json. With auto, their names tell it.`,
    }),
    "auto" as const,
  ),
  map,
  condition: optional(option("--condition", string({ metavar: "TEXT" }), {
    description:
      message`The condition of all discussions; or a pattern such as {model}_{moderator} for the name of a file's folder,
whose parts are factors; or meta.NAME for what a ConvoKit corpus says of its conversations. The folder's name is the condition when this is left out.`,
  })),
  dateFormat: optional(option("--date-format", string({ metavar: "FORMAT" }), {
    description:
      message`The format of dates that are not of ISO 8601 or RFC 2822, such as '%d/%m/%Y %H:%M' or 'dd/MM/yyyy HH:mm'.`,
  })),
  timeZone: optional(option("--time-zone", string({ metavar: "ZONE" }), {
    description: message`The zone of dates that say none, such as Europe/Athens; UTC when left out.`,
  })),
  roles: multiple(
    option("--role", string({ metavar: "NAME=TEXT" }), {
      description: message`The role of those whose instructions contain the text.`,
    }),
  ),
  strict,
  json,
});

const scores = object({
  what: constant("scores"),
  source: argument(path("FILE", "file"), {
    description: message`A table of scores: CSV, JSON lines or a JSON list.`,
  }),
  name: option("--as", string({ metavar: "NAME" }), {
    description:
      message`What the scores are called: the name of the pass, of its scale, and of their column.`,
  }),
  into,
  map,
  min: optional(option("--min", float({ metavar: "X" }), {
    description: message`The scale's lowest value; the lowest score when left out.`,
  })),
  max: optional(option("--max", float({ metavar: "X" }), {
    description: message`The scale's highest value; the highest score when left out.`,
  })),
  annotator: withDefault(
    option("--annotator", string({ metavar: "NAME" }), {
      description: message`Who scored, where no column says it.`,
    }),
    "imported",
  ),
  strict,
  json,
}, missing("FILE", "the table of scores"));

const annotations = object({
  what: constant("annotations"),
  sources: multiple(
    argument(path("FILE_OR_FOLDER"), {
      description: message`Files of the Python library, and folders of them.`,
    }),
    sourcesNeeded("the files of annotations"),
  ),
  into,
  name: withDefault(
    option("--as", string({ metavar: "NAME" }), { description: message`What the replies are called.` }),
    "annotation",
  ),
  discussion: optional(option("-d", "--discussion", string({ metavar: "ID" }), {
    description: message`The discussion that the files are about, where they do not say it.`,
  })),
  strict,
  json,
});

/** What `import` takes: discussions, or one of its two sub-commands. */
export const importParser = or(
  subcommand("scores", scores, { description: message`Import scores of a run's comments from a table.` }),
  subcommand("annotations", annotations, {
    description: message`Import annotations that the Python library made of a run's comments.`,
  }),
  discussions,
);

/** Everything that the command line can ask for. */
export type ImportValues = InferValue<typeof importParser>;
