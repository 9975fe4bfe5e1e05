/** The command line of `import`. */
import {
  argument,
  choice,
  command as subcommand,
  constant,
  float,
  type InferValue,
  message,
  multiple,
  object,
  option,
  optional,
  or,
  string,
  text,
  withDefault,
} from "../shared/optique.ts";
import { missing, path } from "../shared/arguments.ts";

function sourcesNeeded(what: string) {
  return { min: 1, errors: { tooFew: [text(`FILE_OR_FOLDER is missing: ${what}.`)] } };
}

const strict = option("--strict", {
  description: message`Stop at the first problem. Everything that is already imported is kept.`,
});
const json = option("--json", {
  description: message`Write JSON lines: one for each problem, then the counts.`,
});
const map = multiple(
  option("--map", string({ metavar: "FIELD=COLUMN" }), {
    description:
      message`The column that holds FIELD, if the column does not have the field's name. FIELD= means that no column holds
the field.`,
  }),
);
const into = option("--into", path("RUN", "directory"), { description: message`The run's folder.` });

const discussions = object({
  what: constant("discussions"),
  sources: multiple(
    argument(path("FILE_OR_FOLDER"), { description: message`Files, and folders of files.` }),
    sourcesNeeded("the files to import"),
  ),
  out: optional(option("-o", "--out", path("DIR", "directory"), {
    description: message`The run's folder: a new folder, or a folder of imported discussions.`,
  })),
  experiment: optional(option("--experiment", path("FILE", "file"), {
    description:
      message`Recover the experiment from files of the Python library, and write it to FILE (.yaml). With --out, the discussions
are imported, too. An existing file is never changed.`,
  })),
  format: withDefault(
    option("--format", choice(["auto", "python-library", "deliberate-lab", "csv", "jsonl", "json"]), {
      description:
        message`The format of the files: auto, python-library, deliberate-lab, csv, jsonl or json. With auto, the names and beginnings
of the files decide.`,
    }),
    "auto" as const,
  ),
  map,
  condition: optional(option("--condition", string({ metavar: "TEXT" }), {
    description:
      message`The condition: one text for all discussions; or a pattern for the names of the files' folders, such as
{model}_{moderator}, which makes the factors model and moderator; or meta.NAME, for a field of a ConvoKit conversation. By
default, the folder's name.`,
  })),
  dateFormat: optional(option("--date-format", string({ metavar: "FORMAT" }), {
    description:
      message`The format of dates that are not in ISO 8601 or RFC 2822, such as '%d/%m/%Y %H:%M' or 'dd/MM/yyyy HH:mm'.`,
  })),
  timeZone: optional(option("--time-zone", string({ metavar: "ZONE" }), {
    description: message`The time zone of dates without a zone, such as Europe/Athens; by default, UTC.`,
  })),
  roles: multiple(
    option("--role", string({ metavar: "NAME=TEXT" }), {
      description: message`Give the role NAME to participants with TEXT in their instructions.`,
    }),
  ),
  keepPrivate: option("--keep-private", {
    description:
      message`For a file of Deliberate Lab: import its private facts, too. These are Prolific ids and private ids of persons,
the experiment's creator, and alerts. By default, they are dropped.`,
  }),
  strict,
  json,
});

const scores = object({
  what: constant("scores"),
  source: argument(path("FILE", "file"), {
    description: message`A table of scores: CSV, JSON lines or a JSON list.`,
  }),
  name: option("--as", string({ metavar: "NAME" }), {
    description: message`The name of the scores. Their pass, their scale and their column get this name.`,
  }),
  into,
  map,
  min: optional(option("--min", float({ metavar: "X" }), {
    description: message`The scale's lowest value; by default, the lowest score.`,
  })),
  max: optional(option("--max", float({ metavar: "X" }), {
    description: message`The scale's highest value; by default, the highest score.`,
  })),
  annotator: withDefault(
    option("--annotator", string({ metavar: "NAME" }), {
      description: message`The annotator, if no column names the annotator.`,
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
    option("--as", string({ metavar: "NAME" }), { description: message`The name of the annotation pass.` }),
    "annotation",
  ),
  discussion: optional(option("-d", "--discussion", string({ metavar: "ID" }), {
    description: message`The annotated discussion, if the files do not name it.`,
  })),
  strict,
  json,
});

/** `import` reads discussions; its sub-commands read scores and annotations. */
export const importParser = or(
  subcommand("scores", scores, { description: message`Import scores of a run's comments from a table.` }),
  subcommand("annotations", annotations, {
    description: message`Import annotations that the Python library made of a run's comments.`,
  }),
  discussions,
);

/** The values of the command line. */
export type ImportValues = InferValue<typeof importParser>;
