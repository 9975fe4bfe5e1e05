/** What the analysis of an experiment file can name: its factors, and the scales of its annotation. */
import type { AnalysisContext } from "./analysis_section.ts";
import { readScales } from "./annotation_scales.ts";
import { DEFAULT_PASS } from "./annotation_schema.ts";
import type { ReadDesign } from "./design_section.ts";
import { isRecord } from "./document.ts";

/**
 * Finds what there is. What is wrong with a factor or scale is told where it stands: that the analysis names it is no
 * further problem.
 *
 * @param file The content of the whole file.
 * @param design Its design, as far as it is well-formed.
 */
export function analysisContext(
  file: Readonly<Record<string, unknown>>,
  { factors, matched }: Pick<ReadDesign, "factors" | "matched">,
): AnalysisContext {
  const annotation = recordOf(file.annotation);
  const pass = typeof annotation.pass === "string" ? annotation.pass : DEFAULT_PASS;
  const { read, findings } = readScales(recordOf(annotation.scales));
  return {
    factors: Object.keys(recordOf(recordOf(file.design).factors)).map((path) => ({
      path,
      levels: factors.find((factor) => factor.path === path)?.levels ?? [],
    })),
    scales: findings.length > 0 ? [] : read.map((scale) => ({ pass, scale })),
    morePasses: true,
    matched,
  };
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
