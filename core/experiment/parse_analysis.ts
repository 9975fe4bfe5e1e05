/** From the text of an analysis file to what is analysed, or to everything that is wrong with it. */
import type { AnalysisDesign } from "./analysis_design.ts";
import { readAnalysis } from "./analysis_section.ts";
import { isRecord, placed, readDocument } from "./document.ts";
import type { KnownScale } from "./outcome_name.ts";
import { ExperimentError, type Finding, mismatch, within } from "./problems.ts";

/** What there is to analyse. */
export type Analysable = Readonly<{
  /** Factor → the labels of its levels. */
  factors: Readonly<Record<string, readonly string[]>>;
  /** The scales that comments were judged on, pass by pass. */
  scales: readonly KnownScale[];
}>;

/** What an analysis file is read with. */
export type ParseAnalysisOptions =
  & Analysable
  & Readonly<{
    /** The file's name, as the user would type it; stands in messages. */
    file: string;
  }>;

/**
 * Reads and checks an analysis: a file of its own that holds what the section `analysis` of an experiment holds, or an
 * experiment file that has that section.
 *
 * @param text The file's content: YAML 1.2, or JSON.
 * @param options The file's name, and what it can name.
 * @throws {ExperimentError} With everything that is wrong.
 *
 * @example
 * ```ts
 * import { parseAnalysis } from "./parse_analysis.ts";
 * import assert from "node:assert/strict";
 *
 * const { outcomes, effects, correction } = parseAnalysis("{ outcomes: [words], effects: [moderator] }", {
 *   file: "analysis.yaml",
 *   factors: { moderator: ["none", "gentle"] },
 *   scales: [],
 * });
 * assert.deepEqual([outcomes, effects, correction], [["words"], [["moderator"]], "holm"]);
 * ```
 */
export function parseAnalysis(
  text: string,
  { file, factors, scales }: ParseAnalysisOptions,
): AnalysisDesign {
  const document = readDocument(text, file);
  const refuse = (findings: readonly Finding[]): ExperimentError =>
    new ExperimentError([...document.problems, ...findings.map((finding) => placed(document, finding))]);
  const { value } = document;
  if (!document.complete) throw refuse([]);
  if (!isRecord(value)) throw refuse([mismatch([], "an analysis: keys and values", value ?? null)]);
  const isExperiment = Object.hasOwn(value, "participants");
  const section = isExperiment ? value.analysis : value;
  if (section === undefined) {
    throw refuse([{ path: [], message: "the experiment has no section analysis" }]);
  }
  const { design, findings } = readAnalysis(section, {
    factors: Object.entries(factors).map(([path, labels]) => ({
      path,
      levels: labels.map((label) => ({ label })),
    })),
    scales,
    morePasses: false,
    matched: null,
  });
  if (design === null || document.problems.length > 0) {
    throw refuse(within(isExperiment ? ["analysis"] : [], findings));
  }
  return design;
}
