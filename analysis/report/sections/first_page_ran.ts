/** Facts about the run for the first page: discussions, comments, models and annotators. */
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import {
  type AnnotatedScale,
  annotatedScales,
  completedOf,
  measurementLevel,
  type Observation,
} from "../../outcomes/mod.ts";
import { krippendorffAlpha } from "../../statistics/agreement.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { factorsOf, factorTexts } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { formatCell, formatCount, plural } from "../numbers.ts";
import { named } from "../words.ts";
import { passesOf } from "./methods_texts.ts";
import { annotatorsText, playedByNamed } from "./people_and_models.ts";

/** Discussions, comments and models, for each run. */
export function ranFacts(runs: readonly RunFacts[]): readonly (readonly [string, string])[] {
  return runs.flatMap((run) => {
    const prefix = runs.length > 1 ? `${run.run}: ` : "";
    return ([
      ["Discussions", discussionsText(run)],
      ["Comments", commentsText(run)],
      ["Models", modelsText(run)],
    ] as const).map(([term, value]) => [`${prefix}${term}`, value] as const);
  });
}

function discussionsText(run: RunFacts): string {
  const { design, execution, planned } = run;
  const completed = [...execution.ends.values()].reduce((sum, ends) => sum + ends.completed, 0);
  const all = planned?.discussions ?? design.discussions;
  const conditions = planned?.conditions ?? design.conditions.values.length;
  const factors = factorTexts(factorsOf([run]));
  const replicates = planned === null ? "" : `${plural(planned.replications, "replicate")} of `;
  const differ = factors.length === 0 ? "" : `: ${factors.join(" × ")}`;
  return `${formatCount(completed)} of ${formatCount(all)} ${
    planned === null ? "imported" : "planned"
  } are complete; ` +
    `${replicates}${plural(conditions, "condition")}${differ}`;
}

function commentsText({ status }: RunFacts): string {
  const counts = [...status.conditions.values()];
  const total = (of: (one: typeof counts[number]) => number) => counts.reduce((sum, one) => sum + of(one), 0);
  const silent = total((one) => one.silent);
  const comments = total((one) => one.turns - one.silent - one.cutBeforeText);
  const interventions = total((one) => one.interventions);
  return `${formatCount(comments)} of participants${
    interventions === 0 ? "" : `, ${formatCount(interventions)} of moderators`
  }; ${plural(silent, "silent turn")}${silent === 0 ? "" : " (a participant had the turn and said nothing)"}`;
}

function modelsText(run: RunFacts): string {
  return playedByNamed(run).map(([who, models]) => `${who}: ${models}`).join("; ");
}

/** Who annotated, and one number for the agreement on each scale. Nothing if there are no annotations. */
export function annotatorFacts(
  runs: readonly RunFacts[],
  observations: readonly Observation[],
  silences: AnalysisDesign["silences"],
): readonly (readonly [string, string])[] {
  const scales = annotatedScales(completedOf(observations), silences);
  const passes = new Map(
    runs.flatMap(passesOf).filter(({ codebook }) => codebook.scales.length > 0).map((design) =>
      [design.pass, design] as const
    ),
  );
  const texts = [...passes].map(([pass, design]) => {
    const known = Object.keys(design.models).length > 0;
    const who = known
      ? annotatorsText(design, { isDetailed: false })
      : `${plural(design.annotators.length, "annotator")} (${
        named(design.annotators.map(({ name }) => name))
      })`;
    return [pass, `${who}; ${agreementText(scales.filter((one) => one.pass === pass))}`] as const;
  });
  const isOne = texts.length === 1;
  return texts.map(([pass, text]) => [isOne ? "Annotators" : `Annotators of ${pass}`, text]);
}

function agreementText(scales: readonly AnnotatedScale[]): string {
  const several = scales.filter(({ annotators }) => annotators.length > 1);
  if (several.length === 0) return "how well others would agree with one annotator is not known";
  const texts = several.map(({ scale, ratings }) => {
    const alpha = krippendorffAlpha(ratings, measurementLevel(scale));
    return `${scale.name} ${
      isUnavailable(alpha) ? `not known, because ${alpha.unavailable}` : formatCell(alpha.alpha, ALPHA)
    }`;
  });
  return `agreement (Krippendorff's alpha; 1 is perfect, 0 is chance): ${named(texts)}`;
}

const ALPHA = { kind: "number", decimals: 2 } as const;
