/** The section that says what was run. */
import { IMPORTED_MODEL, IMPORTED_RULE } from "../../../core/discussion/mod.ts";
import type { Block, Section } from "../document.ts";
import { conditionsText, factorsOf, factorTexts } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { howMany, joined, named, namedValues, shortened } from "../words.ts";
import { annotationBlocks } from "./design_annotation.ts";
import {
  conditionTable,
  merged,
  modelTable,
  moderatorBlocks,
  roleBlocks,
  settingsTable,
} from "./design_tables.ts";
import { ofEachRun, type Suffix } from "../tables.ts";

/** Texts of prompts that are shown; further ones are only counted. */
const PROMPTS_SHOWN_MAX = 8;

/**
 * The section that says what was run.
 *
 * @param runs The runs, at least one.
 */
export function designSection(runs: readonly RunFacts[]): Section {
  return {
    id: "design",
    title: "Design",
    blocks: ofEachRun(runs, blocksOf),
  };
}

function blocksOf(run: RunFacts, suffix: Suffix): readonly Block[] {
  return [
    { kind: "facts", entries: factsOf(run).map(([term, value]) => ({ term, value })) },
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

function factsOf(run: RunFacts): readonly (readonly [string, string])[] {
  const { experiment, seed, planned, design, sources } = run;
  const { imported, forked } = design;
  return [
    ...(experiment === null
      ? []
      : [["Experiment", experiment.name], ["SHA-256 of its file", experiment.sha256]] as const),
    ...(seed === null ? [] : [["Seed", seed]] as const),
    ...(planned === null ? [] : [[
      "Planned",
      `${plural(planned.discussions, "discussion")}: ${plural(planned.replications, "replicate")} of ${
        plural(planned.conditions, "condition")
      }`,
    ]] as const),
    [planned === null ? "Imported" : "Begun", plural(design.discussions, "discussion")],
    ...(imported === null ? [] : [
      ["Format", namedValues(imported.formats)],
      ["Files of discussions", howMany(imported.files, "file")],
    ] as const),
    ...(sources === null ? [] : [
      ["Imported files", plural(sources.files, "file")],
      ["SHA-256 of their contents", sources.sha256],
    ] as const),
    ...(forked === 0 ? [] : [["Forked from others", plural(forked, "discussion")]] as const),
    ["Factors", named(factorTexts(factorsOf([run]))) || "none"],
    ...(planned === null ? [] : [["Conditions of a replicate", matchedText(run)]] as const),
    ...(design.varied.size === 0 ? [] : [[
      run.matched === false ? "Drawn for each discussion" : "Drawn for each replicate",
      named([...design.varied].map(([path, labels]) => `${path} (${namedValues(labels)})`)),
    ]] as const),
    ["Personas", personasText(run)],
    ...(planned === null ? [] : [["Openings", openingsText(run)]] as const),
  ];
}

function matchedText({ matched }: RunFacts): string {
  if (matched === null) return "whether they share draws is not known";
  return matched
    ? "matched: they share the draws of personas, roles, openings and speakers"
    : "independent: each has draws of personas, roles, openings and speakers of its own";
}

function personasText({ design: { names, places }, drawnFrom, planned }: RunFacts): string {
  const held = `${howMany(names, "different name")} in ${plural(places, "place")}`;
  if (planned === null) return held;
  if (drawnFrom === null) return `${held}; how many there were to draw from is not known`;
  const { personas, pinned } = drawnFrom;
  const pool = `drawn from ${joined(personas.map(formatCount), "or")}`;
  const always = pinned.some((count) => count > 0)
    ? `, beside ${joined(pinned.map(formatCount), "or")} who took part in every discussion`
    : "";
  return `${held}; ${pool}${always}`;
}

function openingsText({ drawnFrom }: RunFacts): string {
  if (drawnFrom === null) return "how many there were to draw from is not known";
  const { openings } = drawnFrom;
  return openings.every((count) => count === 0)
    ? "none"
    : `drawn from ${joined(openings.map(formatCount), "or")}`;
}

function importNotes({ design: { imported, discussions, turnTaking, models } }: RunFacts): readonly Block[] {
  if (imported === null) return [];
  const unknown = [
    ...(turnTaking.values.some(({ value }) => value.setting.name === IMPORTED_RULE.name)
      ? ["who was to speak next, and when a moderator was to be asked"]
      : []),
    ...(models.values.some(({ value }) => value.setting.spec.adapter === IMPORTED_MODEL.adapter)
      ? ["how models were reached, and how their replies were drawn"]
      : []),
    "seeds, prompts as they were sent, failed requests, tokens and times",
  ];
  const which = imported.discussions === discussions
    ? "The discussions were"
    : `${formatCount(imported.discussions)} of the discussions were`;
  return [{
    kind: "callout",
    tone: "note",
    title: "Held elsewhere",
    text: `${which} imported. Their files do not say, so that it is not known here: ${unknown.join("; ")}.`,
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
    ...textsOf("What every prompt begins with", "context"),
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
