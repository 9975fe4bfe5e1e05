/** What the methods section says of models and of annotators. */
import { scaleTypeOf } from "../../../core/annotation/scales/mod.ts";
import { IMPORTED_MODEL, UNKNOWN_MODEL } from "../../../core/discussion/mod.ts";
import type { ModelUse, PassDesign } from "../../projections/mod.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { howMany, joined, lines, named, namedValues, quoted, QUOTED_MAX, shortened } from "../words.ts";
import { answersText, targetsText } from "./design.ts";
import { samplingText } from "./design_tables.ts";

/** An annotation pass in one sentence. */
export function annotatedSentence({ pass, annotators, codebook, models }: PassDesign, run: RunFacts): string {
  const scales = named(
    codebook.scales.map((scale) => `${scale.name} (${scale.type}, ${answersText(scale)})`),
  );
  const from = run.design.sources.has(pass)
    ? "from imported files"
    : `played by ${named(Object.keys(models))}`;
  return `${plural(annotators.length, "annotator")} ${from} annotated comments on ${scales}.`;
}

/** Who was played by which models; those who were played by the same are named together. */
export function playedBy({ design: { models } }: RunFacts): readonly (readonly [string, string])[] {
  const played = new Map<string, string[]>();
  for (const [as, who] of [["participant", "participants"], ["moderator", "moderators"]] as const) {
    const used = models.values.map(({ value }) => value.setting)
      .filter((model) => model.as === as && model.name !== UNKNOWN_MODEL).map(modelText);
    if (used.length === 0) continue;
    const by = named([...new Set(used)], models.complete);
    played.set(by, [...played.get(by) ?? [], who]);
  }
  return [...played].map(([by, who]) => [joined(who), by]);
}

/** A model with all that is known of it: `qwen (Qwen2.5-7B through openai; temperature 0.8)`. */
function modelText({ name, spec }: Pick<ModelUse, "name" | "spec">): string {
  const { adapter, options } = spec;
  if (adapter === IMPORTED_MODEL.adapter) return name;
  const through = typeof options.model === "string"
    ? `${options.model} through ${adapter}`
    : `adapter ${adapter}`;
  const rest = Object.entries(options).filter(([key]) => key !== "model")
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const parts = [through, samplingText(spec), rest.join(", ")].filter((part) => part !== "");
  return `${name} (${shortened(parts.join("; "), QUOTED_MAX)})`;
}

/** The annotation passes of a run; those that differ only in what is not told here are one. */
export function passesOf({ design }: RunFacts): readonly PassDesign[] {
  const passes = design.passes.values.map(({ value: { setting } }) => setting);
  return [
    ...new Map(passes.map((one) => [JSON.stringify([one.pass, one.codebook, one.annotators]), one])).values(),
  ];
}

/** The facts of an annotation pass, one a line. */
export function passText(design: PassDesign, run: RunFacts): string {
  const { pass, annotators, codebook, history, retries, reparsedFrom } = design;
  const files = run.design.sources.get(pass);
  const models = Object.entries(design.models).map(([name, spec]) => modelText({ name, spec }));
  const people = `${plural(annotators.length, "annotator")} (${named(annotators.map(({ name }) => name))})`;
  const origin = files !== undefined
    ? `by ${people}; imported from ${howMany(files, "file")} (${namedValues(files)})`
    : reparsedFrom !== undefined
    ? `a new reading of the replies of pass ${reparsedFrom}`
    : `${targetsText(design)}, each shown with ${beforeText(history)}; by ${people}, played by ${
      named(models)
    }`;
  return lines([
    origin,
    `scales: ${
      named(codebook.scales.map((scale) => {
        const question = scale.question === "" ? "" : `: ${quoted(scale.question)}`;
        return `${scale.name} (${scale.type}, ${answersText(scale)}${question})`;
      }))
    }`,
    files !== undefined || reparsedFrom !== undefined || retries === 0
      ? ""
      : `an annotator whose reply held no valid value was asked again, at most ${
        retries === 1 ? "once" : `${retries} times`
      }`,
    files === undefined ? unparsedText(pass, run) : "",
    meanText(design),
  ]);
}

function unparsedText(pass: string, { execution }: RunFacts): string {
  const counts = [...execution.judgements.get(pass)?.values() ?? []];
  const lost = counts.reduce((sum, one) => sum + one.lost, 0);
  const asked = counts.reduce((sum, one) => sum + one.read, lost);
  return asked === 0
    ? ""
    : `${formatCount(lost)} of ${plural(asked, "question")} to annotators without a valid value`;
}

/** How the values of several annotators become one. */
function meanText({ annotators, codebook }: PassDesign): string {
  if (annotators.length < 2) return "";
  const parts = [...new Set(codebook.scales.flatMap((scale) => scaleTypeOf(scale).pooled ?? []))];
  return parts.length === 0
    ? ""
    : `the value of a comment, from all valid values of its annotators: ${joined(parts, "or")}`;
}

function beforeText(history: number | null): string {
  if (history === null) return "all comments before it";
  return history === 0
    ? "no other comment"
    : history === 1
    ? "the comment before it"
    : `the ${history} comments before it`;
}
