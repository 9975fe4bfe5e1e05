/** Sentences of a methods section on how comments were judged. */
import type { PassDesign } from "../../projections/mod.ts";
import type { Scale } from "../../../core/events/mod.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { howMany, joined, named, namedValues } from "../words.ts";
import { answersText, targetsText } from "./design_annotation.ts";
import { modelText, quoted } from "./methods_held.ts";

/** Passes that are told of. */
const PASSES_MAX = 8;

/** How the comments of a run were judged; none where they were not. */
export function judgedSentences(run: RunFacts): readonly string[] {
  const passes = new Map(
    run.design.passes.values.map(({ value: { setting } }) => [textKey(setting), setting]),
  );
  const shown = [...passes.values()].slice(0, PASSES_MAX);
  const rest = passes.size - shown.length;
  return [
    ...shown.flatMap((pass) => passSentences(pass, run)),
    ...(rest > 0
      ? [
        `There ${rest === 1 ? "is" : "are"} ${
          plural(rest, "more annotation pass", "more annotation passes")
        }.`,
      ]
      : []),
  ];
}

function textKey({ pass, codebook, annotators }: PassDesign): string {
  return JSON.stringify([pass, codebook, annotators]);
}

function passSentences(design: PassDesign, run: RunFacts): readonly string[] {
  const { pass, annotators, codebook, history, retries, reparsedFrom } = design;
  const files = run.design.sources.get(pass);
  const scales = named(codebook.scales.map(scaleText));
  const names = named(annotators.map(({ name }) => name));
  const by = `${plural(annotators.length, "annotator")} (${names})`;
  if (files !== undefined) {
    return [
      `Judgements on ${scales} by ${by} were imported from ${howMany(files, "file")} (${
        namedValues(files)
      }).`,
      ...meanSentences(design),
    ];
  }
  const models = Object.entries(design.models).map(([name, spec]) => modelText({ name, spec }));
  const judged = targetsText(design);
  const shown = history === null
    ? "all comments before it"
    : history === 0
    ? "no other comment"
    : history === 1
    ? "the comment before it"
    : `the ${history} comments before it`;
  return [
    reparsedFrom === undefined
      ? `${judged[0]!.toUpperCase()}${judged.slice(1)} were judged by ${by}, played by ${
        named(models)
      }, on ${scales}; ` +
        `each was shown with ${shown}.`
      : `For pass ${pass}, the replies of pass ${reparsedFrom} were read again on ${scales}.`,
    ...(reparsedFrom !== undefined || retries === 0 ? [] : [
      `An annotator whose reply held no valid value was asked again, at most ${
        retries === 1 ? "once" : `${retries} times`
      }.`,
    ]),
    ...unreadSentences(pass, run),
    ...meanSentences(design),
  ];
}

function scaleText(scale: Scale): string {
  const question = scale.question === "" ? "" : `: ${quoted(scale.question)}`;
  return `${scale.name} (${scale.type}, ${answersText(scale)}${question})`;
}

function unreadSentences(pass: string, { execution }: RunFacts): readonly string[] {
  const counts = [...execution.judgements.get(pass)?.values() ?? []];
  const read = counts.reduce((sum, one) => sum + one.read, 0);
  const lost = counts.reduce((sum, one) => sum + one.lost, 0);
  if (read + lost === 0) return [];
  return lost === 0
    ? [
      `${
        read === 1
          ? "The one question to annotators was"
          : `All ${formatCount(read)} questions to annotators were`
      } answered with a valid value.`,
    ]
    : [
      `Of ${plural(read + lost, "question")} to annotators, ${
        formatCount(lost)
      } remained without a valid value.`,
    ];
}

/** How several annotators make one value. */
function meanSentences({ annotators, codebook }: PassDesign): readonly string[] {
  if (annotators.length < 2) return [];
  const types = new Set(codebook.scales.map(({ type }) => type));
  const parts = [
    ...(types.has("ordinal") || types.has("interval") ? ["their mean"] : []),
    ...(types.has("boolean") ? ["the share of yes among them"] : []),
    ...(types.has("nominal") ? ["for each label, its share among them"] : []),
  ];
  return parts.length === 0 ? [] : [
    `The value of a comment comes from all valid values that its annotators gave, however many: ${
      joined(parts, "or")
    }.`,
  ];
}
