/** Who annotated which comments, and how. */
import type { Scale } from "../../../core/annotation/scales/mod.ts";
import { optionsText } from "../../../core/events/mod.ts";
import type { PassDesign } from "../../projections/mod.ts";
import type { Block, Row } from "../document.ts";
import { conditionsText } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { plural } from "../numbers.ts";
import { howMany, namedValues } from "../words.ts";
import { below, bounded, cell, column, COUNT, NOT_KNOWN, shown, type Suffix } from "../tables.ts";

/** Blocks of all passes of a run; none without annotation. */
export function annotationBlocks(run: RunFacts, suffix: Suffix): readonly Block[] {
  const { values, complete } = run.design.passes;
  if (values.length === 0) return [];
  const passes = values.map(({ value }) => value.setting);
  return [
    { kind: "heading", title: "Annotation" },
    passTable(run, suffix),
    shown(
      bounded({
        id: `scales${suffix}`,
        title: "Scales",
        note: "",
        columns: [
          column("pass", "Pass"),
          column("scale", "Scale"),
          column("type", "Type"),
          column("answers", "Answers"),
          column("question", "Question"),
          column("replies", "Accepted replies"),
        ],
        rows: distinct(passes, ({ pass, codebook, annotators }) => {
          const isRead = annotators.some(({ model }) => model !== undefined);
          return codebook.scales.map((
            scale,
          ) => [...scaleCells(pass, scale), isRead ? readingText(scale) : ""]);
        }),
      }, complete),
    ),
    ...below(
      passes.flatMap(({ pass, codebook }) =>
        codebook.scales.map(({ name, question }) => ({
          title: `Question of ${name} (${pass})`,
          text: question,
        }))
      ),
    ),
    shown(
      bounded({
        id: `annotators${suffix}`,
        title: "Annotators",
        note: "",
        columns: [
          column("pass", "Pass"),
          column("annotator", "Annotator"),
          column("model", "Model"),
          column("persona", "Persona"),
          column("instructions", "Instructions"),
        ],
        rows: distinct(
          passes,
          ({ pass, annotators }) =>
            annotators.map(({ name, model, persona, instructions }) => [
              pass,
              name,
              model ?? NOT_KNOWN,
              cell(optionsText(persona)),
              cell(instructions),
            ]),
        ),
      }, complete),
    ),
    ...below(passes.flatMap(({ pass, annotators }) =>
      annotators.map(({ name, instructions }) => ({
        title: `Instructions of the annotator ${name} (${pass})`,
        text: instructions,
      }))
    )),
  ];
}

/** Passes can differ in what a table does not show: what reads alike is one row. */
function distinct(passes: readonly PassDesign[], cellsOf: (pass: PassDesign) => readonly string[][]): Row[] {
  const rows = new Map(passes.flatMap(cellsOf).map((cells) => [JSON.stringify(cells), cells]));
  return [...rows.values()].map((cells) => ({ cells }));
}

function passTable({ design }: RunFacts, suffix: Suffix): Block {
  return shown(
    bounded({
      id: `passes${suffix}`,
      title: "Annotation passes",
      note: "",
      columns: [
        column("pass", "Pass"),
        column("codebook", "Codebook"),
        column("codebook_sha256", "SHA-256 of its scales"),
        column("targets", "Annotated comments"),
        column("context", "Earlier comments shown"),
        column("requests", "Scales per request"),
        column("retries", "Retries at most", COUNT),
        column("origin", "Origin"),
        column("discussions", "Discussions", COUNT),
        column("conditions", "Conditions"),
      ],
      rows: design.passes.values.map(({ value: { setting, conditions }, count }) => {
        const { pass, codebook, history, requests, retries } = setting;
        const files = design.sources.get(pass);
        const shown = files !== undefined && (history === null || history === 0)
          ? NOT_KNOWN
          : history === null
          ? "all"
          : String(history);
        const origin = files === undefined
          ? setting.reparsedFrom === undefined
            ? "models of this run"
            : `replies of pass ${setting.reparsedFrom}, reparsed`
          : `${howMany(files, "imported file")}: ${namedValues(files)}`;
        return {
          cells: [
            pass,
            codebook.version,
            codebook.hash,
            files === undefined ? targetsText(setting) : "as imported",
            shown,
            files === undefined ? requests : NOT_KNOWN,
            files === undefined ? retries : null,
            cell(origin),
            count,
            conditionsText(conditions, design),
          ],
        };
      }),
    }, design.passes.complete),
  );
}

/** Which comments are annotated: `comments of participants (at most 4 of each discussion, drawn at random)`. */
export function targetsText({ targets: { of, perDiscussion } }: Pick<PassDesign, "targets">): string {
  const whose = of === "all" ? "all comments" : `comments of ${of}`;
  return perDiscussion === undefined
    ? whose
    : `${whose} (at most ${perDiscussion} of each discussion, drawn at random)`;
}

function scaleCells(pass: string, scale: Scale): string[] {
  return [
    pass,
    scale.name,
    scale.type,
    cell(answersText(scale)),
    cell(scale.question),
  ];
}

/** How replies are read. */
function readingText({ grammar }: Scale): string {
  return grammar === "exact" ? "a value and nothing else" : "text that mentions exactly one value";
}

/** What a scale allows as an answer: `1 to 5`, `against, neutral, for`. */
export function answersText(scale: Scale): string {
  switch (scale.type) {
    case "ordinal": {
      const labels = Object.entries(scale.labels ?? {}).map(([value, label]) => `${value} ${label}`);
      return `${scale.min} to ${scale.max}${labels.length === 0 ? "" : ` (${labels.join(", ")})`}`;
    }
    case "interval":
      return `${scale.min} to ${scale.max}, fractions allowed`;
    case "nominal":
      return scale.labels.join(", ");
    case "boolean":
      return "yes or no";
    case "text":
      return `text of at most ${plural(scale.maxLength, "character")}`;
    default:
      return scale satisfies never;
  }
}
