/** The labels of factors. Tables, plots and texts show the label of a factor in place of its path. */
import type { AnalysisDesign } from "../events/analysis_design.ts";
import { TIME } from "./analysis_design.ts";
import type { Experiment, Factor } from "./experiment.ts";

/** Path of a factor → its label. Factors without a label are missing. */
export type FactorLabels = Readonly<Record<string, string>>;

/** The labels of an experiment's factors and varied values. */
export function factorLabels({ factors, vary }: Pick<Experiment, "factors" | "vary">): FactorLabels {
  return Object.fromEntries(
    [...factors, ...vary].flatMap(({ path, label }) => label === undefined ? [] : [[path, label]]),
  );
}

/** The name of a factor in tables and texts. */
export function nameOfFactor({ path, label }: Factor): string {
  return label ?? path;
}

/**
 * Merges the labels of several runs. A factor gets its label from the first run that has one. If two factors
 * have the same label, the second factor has no label in the result.
 */
export function mergedLabels(all: Iterable<FactorLabels>): FactorLabels {
  const merged = new Map<string, string>();
  for (const [path, label] of [...all].flatMap((labels) => Object.entries(labels))) {
    if (!merged.has(path) && ![...merged.values()].includes(label)) merged.set(path, label);
  }
  return Object.fromEntries(merged);
}

/** Label of a factor → its path. */
export function pathsByLabel(labels: FactorLabels): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).map(([path, label]) => [label, path]));
}

/** A record with the labels of factors as keys. */
export function byLabel<T>(record: Readonly<Record<string, T>>, labels: FactorLabels): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([path, value]) => [labelOf(path, labels), value]));
}

/** An analysis that names factors by their labels. */
export function analysisByLabel(analysis: AnalysisDesign, labels: FactorLabels): AnalysisDesign {
  const { effects, reference, adjust } = analysis;
  return {
    ...analysis,
    reference: byLabel(reference, labels),
    effects: effects?.map((effect) => effect.map((path) => path === TIME ? path : labelOf(path, labels))) ??
      null,
    ...adjust === undefined ? {} : { adjust: adjust.map((path) => labelOf(path, labels)) },
  };
}

/** The label of a factor; its path if it has none. */
export function labelOf(path: string, labels: FactorLabels): string {
  return Object.hasOwn(labels, path) ? labels[path]! : path;
}
