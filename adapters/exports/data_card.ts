/** Writes the `README.md` of a data set for the Hugging Face hub. */
import { stringify } from "npm:yaml@2.9.1";

/** A table of the data set. */
export type CardTable = Readonly<{ name: string; rows: number; meaning: string }>;

/** The facts about a run for its card. */
export type CardFacts = Readonly<{
  experiment: string;
  /** The SHA-256 of the experiment file; `null` if there is none. */
  experimentHash: string | null;
  /** The version of this program that ran the discussions. */
  version: string;
  tables: readonly CardTable[];
  discussions: Readonly<{ total: number; unfinished: number }>;
  comments: number;
  /** The number of comments that language models wrote. */
  generated: number;
  /**
   * The number of comments that people wrote. All other comments are openings, scripted interventions or
   * imported.
   */
  written: number;
  /**
   * The number of comments whose text cannot be read: its author withdrew, or the run does not have the
   * author's key.
   */
  withheld: number;
  /** The number of silent turns that the speaker chose. */
  silences: number;
  /** The number of silent turns of people who did not answer in time or did not take part. */
  absences: number;
  conditions: readonly Readonly<{ name: string; discussions: number }>[];
  /** Each model: its name in the experiment, its model on the server or its adapter, and the number of its comments. */
  models: readonly Readonly<{ name: string; served: string; comments: number }>[];
}>;

/**
 * The hub's classes of size. A data set belongs to the first class whose number is larger than its number of
 * rows.
 */
const SIZES = [
  [1e3, "n<1K"],
  [1e4, "1K<n<10K"],
  [1e5, "10K<n<100K"],
  [1e6, "100K<n<1M"],
  [1e7, "1M<n<10M"],
  [1e8, "10M<n<100M"],
] as const;

/** Writes the card. The person who publishes the data fills in the licence and the languages. */
export function dataCard(facts: CardFacts): string {
  const version = inline(facts.version);
  const { experiment, tables, discussions, comments, silences, absences, conditions, models } = facts;
  const header = stringify({
    pretty_name: experiment,
    task_categories: ["text-generation", "text-classification"],
    tags: [...syntheticTag(facts), "discussions"],
    size_categories: [SIZES.find(([rows]) => comments < rows)?.[1] ?? "100M<n<1B"],
    configs: tables.map(({ name }, index) => ({
      config_name: name,
      ...(index === 0 ? { default: true } : {}),
      data_files: [{ split: "train", path: `data/${name}.parquet` }],
    })),
  });
  const source = facts.experimentHash === null
    ? ""
    : ` (experiment file: SHA-256 \`${facts.experimentHash}\`)`;
  const open = discussions.unfinished === 0
    ? "All of them have ended."
    : `${discussions.unfinished} of them have not ended; the column \`status\` of \`discussions\` shows which.`;
  const absent = absences === 0
    ? ""
    : ` In ${absences} further turns, a person did not answer in time, or did not take part.`;
  const tableRows = markdownTable(
    ["table", "rows", "a row is"],
    tables.map(({ name, rows, meaning }) => [`\`${name}\``, rows, meaning]),
  );
  const conditionRows = markdownTable(
    ["condition", "discussions"],
    conditions.map(({ name, discussions }) => [inline(name), discussions]),
  );
  const modelRows = markdownTable(
    ["name", "model", "comments"],
    models.map(({ name, served, comments }) => [inline(name), inline(served), comments]),
  );
  return `---
# license: fill in before you publish, for example cc-by-4.0
# language: fill in before you publish, for example en
${header}---

# ${inline(experiment)}

${discussions.total} discussions: ${comments} comments, and ${silences} turns in which a speaker was asked and chose to say
nothing.${absent} ${open} SynDisco ${version}${source} recorded them.

${authorsText(facts)} What the comments say was not checked: they can be false, offensive or harmful.

## Tables

${tableRows}

\`comment_id\` identifies a comment in all tables. \`discussion\` and \`position\` identify a turn, also a silent turn. A
character U+100000 + X stands for a character X that tables cannot hold: U+0000, or half of a surrogate pair.

## Conditions

${conditionRows}

## Models

${modelRows}
`;
}

/**
 * The tag of data sets with generated comments. If people wrote some of the comments, it is
 * `partly-synthetic`.
 */
function syntheticTag({ generated, written }: CardFacts): readonly string[] {
  if (generated === 0) return [];
  return [written === 0 ? "synthetic" : "partly-synthetic"];
}

function authorsText({ comments, generated, written, withheld }: CardFacts): string {
  const authors = generated === comments
    ? "Language models wrote all comments."
    : written === comments
    ? "People wrote all comments."
    : written === 0
    ? `Language models wrote ${generated} of the comments.`
    : `Language models wrote ${generated} of the comments, and people wrote ${written}.`;
  return [
    authors,
    ...generated + written < comments ? ["The others are openings, scripted interventions or imported."] : [],
    ...withheld > 0
      ? [
        `${
          withheld === 1
            ? "The text of 1 comment of people is"
            : `The texts of ${withheld} comments of people are`
        } left out: the author withdrew, or the run does not have the author's key.`,
      ]
      : [],
  ].join(" ");
}

function markdownTable(titles: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Writes a name on one line, without markup. Names are texts of any origin. */
function inline(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(
    /[\\`*_{}[\]<>()#+!|~&]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
