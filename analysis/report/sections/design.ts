/** The section on the design: conditions, settings, roles, models, prompts and annotation. */
import { IMPORTED_MODEL, IMPORTED_RULE } from "../../../core/discussion/mod.ts";
import type { Block, Row, Section } from "../document.ts";
import { conditionsText } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { howMany, namedValues, shortened } from "../words.ts";
import {
  conditionTable,
  merged,
  modelTable,
  moderatorBlocks,
  roleBlocks,
  settingsTable,
} from "./design_tables.ts";
import { below, bounded, cell, column, COUNT, NOT_KNOWN, ofEachRun, shown, type Suffix } from "../tables.ts";
import { type Scale, scaleTypeOf } from "../../../core/annotation/scales/mod.ts";
import { optionsText } from "../../../core/events/mod.ts";
import type { PassDesign } from "../../projections/mod.ts";

/** Texts of prompts that are shown; further ones are only counted. */
const PROMPTS_SHOWN_MAX = 8;

/** Describes what was run. */
export function designSection(runs: readonly RunFacts[]): Section {
  return {
    id: "design",
    title: "Design",
    blocks: ofEachRun(runs, blocksOf),
  };
}

function blocksOf(run: RunFacts, suffix: Suffix): readonly Block[] {
  return [
    ...importNotes(run),
    conditionTable(run, suffix),
    settingsTable(run, suffix),
    ...roleBlocks(run, suffix),
    ...moderatorBlocks(run, suffix),
    modelTable(run, suffix),
    ...promptBlocks(run),
    ...annotationBlocks(run, suffix),
    ...(run.experiment === null ? [] : [
      {
        kind: "source",
        title: `The experiment file ${run.experiment.file}, as it was run`,
        text: run.experiment.text,
      } as const,
    ]),
  ];
}

function importNotes({ design: { imported, discussions, turnTaking, models } }: RunFacts): readonly Block[] {
  if (imported === null) return [];
  const unknown = [
    ...(turnTaking.values.some(({ value }) => value.setting.name === IMPORTED_RULE.name)
      ? ["the rules for the next speaker and for moderators"]
      : []),
    ...(models.values.some(({ value }) => value.setting.spec.adapter === IMPORTED_MODEL.adapter)
      ? ["how models were called and sampled"]
      : []),
    "seeds, prompts, failed requests, tokens and times",
  ];
  const which = imported.discussions === discussions
    ? "The discussions were"
    : `${formatCount(imported.discussions)} of the discussions were`;
  return [{
    kind: "callout",
    tone: "note",
    title: "Imported discussions",
    text: `${which} imported. Their files do not contain: ${unknown.join("; ")}.`,
  }];
}

/** What prompts say, word by word. */
function promptBlocks({ design }: RunFacts): readonly Block[] {
  const textsOf = (title: string, part: "context" | "instructions") =>
    merged(design.prompts, (prompt) => prompt[part]).filter(([text]) => text !== "")
      .map(([text, _, found]) => {
        const conditions = conditionsText(found, design);
        return { title: conditions === "all" ? title : `${title} (${conditions})`, text: shortened(text) };
      });
  const texts = [
    ...textsOf("Context at the beginning of every prompt", "context"),
    ...textsOf("Instructions of participants", "instructions"),
  ];
  if (texts.length === 0) return [];
  const rest = texts.length - PROMPTS_SHOWN_MAX;
  return [
    { kind: "heading", title: "Prompts" },
    ...texts.slice(0, PROMPTS_SHOWN_MAX).map((text) => ({ kind: "source", ...text } as const)),
    ...(rest > 0
      ? [{ kind: "paragraph", text: `And ${plural(rest, "more text")} of prompts.` } as const]
      : []),
  ];
}

/** Blocks of all passes of a run; none without annotation. */
function annotationBlocks(run: RunFacts, suffix: Suffix): readonly Block[] {
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
  return scaleTypeOf(scale).shown(scale);
}
