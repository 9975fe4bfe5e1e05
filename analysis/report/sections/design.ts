/** The section on the design: conditions, settings, roles, models, prompts and annotation. */
import { IMPORTED_MODEL, IMPORTED_RULE } from "../../../core/discussion/mod.ts";
import type { Block, Section } from "../document.ts";
import { conditionsText } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { shortened } from "../words.ts";
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
 * Describes what was run.
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
