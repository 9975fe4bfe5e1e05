/** The scales that discussions were judged on. */
import type { Scale } from "../../annotation/mod.ts";
import type { Observation } from "./observation.ts";

/**
 * Lists the scales.
 *
 * @param observations The discussions.
 * @returns Each scale of each pass once, in the order of the logs; scales of texts are not among them.
 */
export function scalesOf(
  observations: readonly Pick<Observation, "judgements">[],
): readonly Readonly<{ pass: string; scale: Scale }>[] {
  const scales = new Map<string, { pass: string; scale: Scale }>();
  for (const { judgements } of observations) {
    for (const { pass, scale } of judgements) {
      const key = `${pass}/${scale.name}`;
      if (!scales.has(key)) scales.set(key, { pass, scale });
    }
  }
  return [...scales.values()];
}
