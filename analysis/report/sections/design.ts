/** The section on the design: conditions, settings, roles, models, prompts and annotation. */
import { branchNotes } from "./branch_texts.ts";
import { IMPORTED_MODEL, IMPORTED_RULE } from "../../../core/discussion/mod.ts";
import type { Block, Section } from "../document.ts";
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
import {
  below,
  callout,
  cell,
  counts,
  heading,
  limitedTable,
  NOT_KNOWN,
  ofEachRun,
  paragraph,
  type Suffix,
  texts,
} from "../tables.ts";
import { type Scale, scaleTypeOf } from "../../../core/annotation/scales/mod.ts";
import { optionsText } from "../../../core/events/mod.ts";
import type { PassDesign } from "../../projections/mod.ts";

/** At most this many texts of prompts are shown; the rest are counted. */
const PROMPTS_SHOWN_MAX = 8;

export function designSection(runs: readonly RunFacts[]): Section {
  return { id: "design", title: "Design", blocks: ofEachRun(runs, blocksOf) };
}

function blocksOf(run: RunFacts, suffix: Suffix): readonly Block[] {
  return [
    ...importNotes(run),
    ...branchNotes(run),
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
  const text = `${which} imported. Their files do not contain: ${unknown.join("; ")}.`;
  return [callout("note", "Imported discussions", text)];
}

function promptBlocks({ design }: RunFacts): readonly Block[] {
  const textsOf = (title: string, part: "context" | "instructions") =>
    merged(design.prompts, (prompt) => prompt[part]).filter(([text]) => text !== "")
      .map(([text, _, found]) => {
        const conditions = conditionsText(found, design);
        return { title: conditions === "all" ? title : `${title} (${conditions})`, text: shortened(text) };
      });
  const prompts = [
    ...textsOf("Context at the beginning of every prompt", "context"),
    ...textsOf("Instructions of participants", "instructions"),
  ];
  if (prompts.length === 0) return [];
  const rest = prompts.length - PROMPTS_SHOWN_MAX;
  return [
    heading("Prompts"),
    ...prompts.slice(0, PROMPTS_SHOWN_MAX).map((text) => ({ kind: "source", ...text } as const)),
    ...(rest > 0 ? [paragraph(`Not shown: ${plural(rest, "more prompt text")}.`)] : []),
  ];
}

/** Blocks about the annotation passes of a run; none without annotation. */
function annotationBlocks(run: RunFacts, suffix: Suffix): readonly Block[] {
  const { values, complete } = run.design.passes;
  if (values.length === 0) return [];
  const passes = values.map(({ value }) => value.setting);
  const annotators = passes.flatMap(({ pass, annotators }) => annotators.map((one) => ({ pass, ...one })));
  return [
    heading("Annotation"),
    passTable(run, suffix),
    limitedTable({ id: `scales${suffix}`, title: "Scales", complete }, distinct(passes.flatMap(scaleRows)), [
      texts("pass", "Pass", ({ pass }) => pass),
      texts("scale", "Scale", ({ name }) => name),
      texts("type", "Type", ({ type }) => type),
      texts("answers", "Answers", ({ answers }) => answers),
      texts("question", "Question", ({ question }) => question),
      texts("replies", "Accepted replies", ({ replies }) => replies),
    ]),
    ...below(
      passes.flatMap(({ pass, codebook }) =>
        codebook.scales.map(({ name, question }) => ({
          title: `Question of ${name} (${pass})`,
          text: question,
        }))
      ),
    ),
    limitedTable(
      { id: `annotators${suffix}`, title: "Annotators", complete },
      distinct(annotators.map(annotatorRow)),
      [
        texts("pass", "Pass", ({ pass }) => pass),
        texts("annotator", "Annotator", ({ name }) => name),
        texts("model", "Model", ({ model }) => model),
        texts("persona", "Persona", ({ persona }) => persona),
        texts("instructions", "Instructions", ({ instructions }) => instructions),
      ],
    ),
    ...below(annotators.map(({ pass, name, instructions }) => ({
      title: `Instructions of the annotator ${name} (${pass})`,
      text: instructions,
    }))),
  ];
}

/** Merges equal rows. Passes have equal rows if they differ only in settings that the table does not show. */
function distinct<Row>(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function passTable({ design }: RunFacts, suffix: Suffix): Block {
  const rows = design.passes.values.map(({ value: { setting, conditions }, count }) => {
    const files = design.sources.get(setting.pass);
    return { setting, conditions, count, files, isOwn: files === undefined };
  });
  const { complete } = design.passes;
  return limitedTable({ id: `passes${suffix}`, title: "Annotation passes", complete }, rows, [
    texts("pass", "Pass", ({ setting }) => setting.pass),
    texts("codebook", "Codebook", ({ setting }) => setting.codebook.version),
    texts("codebook_sha256", "SHA-256 of its scales", ({ setting }) => setting.codebook.hash),
    texts(
      "targets",
      "Annotated comments",
      ({ setting, isOwn }) => isOwn ? targetsText(setting) : "as imported",
    ),
    texts("context", "Earlier comments shown", ({ setting: { history }, isOwn }) => {
      if (!isOwn && !history) return NOT_KNOWN;
      return history === null ? "all" : String(history);
    }),
    texts("requests", "Scales per request", ({ setting, isOwn }) => isOwn ? setting.requests : NOT_KNOWN),
    counts("retries", "Retries at most", ({ setting, isOwn }) => isOwn ? setting.retries : null),
    texts("origin", "Origin", ({ setting: { reparsedFrom }, files }) => {
      if (files !== undefined) return cell(`${howMany(files, "imported file")}: ${namedValues(files)}`);
      return cell(
        reparsedFrom === undefined ? "models of this run" : `replies of pass ${reparsedFrom}, reparsed`,
      );
    }),
    counts("discussions", "Discussions", ({ count }) => count),
    texts("conditions", "Conditions", ({ conditions }) => conditionsText(conditions, design)),
  ]);
}

/**
 * Says which comments are annotated, such as `comments of participants (at most 4 of each discussion, drawn at
 * random)`.
 */
export function targetsText({ targets: { of, perDiscussion } }: Pick<PassDesign, "targets">): string {
  const whose = of === "all" ? "all comments" : `comments of ${of}`;
  return perDiscussion === undefined
    ? whose
    : `${whose} (at most ${perDiscussion} of each discussion, drawn at random)`;
}

function annotatorRow(
  { pass, name, model = NOT_KNOWN, persona, instructions }: PassDesign["annotators"][number] & {
    pass: string;
  },
) {
  return { pass, name, model, persona: cell(optionsText(persona)), instructions: cell(instructions) };
}

function scaleRows({ pass, codebook, annotators }: PassDesign) {
  const isRead = annotators.some(({ model }) => model !== undefined);
  return codebook.scales.map((scale) => {
    const { name, type, question, grammar } = scale;
    const accepted = grammar === "exact"
      ? "a value and nothing else"
      : "text that mentions exactly one value";
    return {
      pass,
      name,
      type,
      answers: cell(answersText(scale)),
      question: cell(question),
      replies: isRead ? accepted : "",
    };
  });
}

/** The answers that a scale allows, such as `1 to 5` or `against, neutral, for`. */
export function answersText(scale: Scale): string {
  return scaleTypeOf(scale).shown(scale);
}
