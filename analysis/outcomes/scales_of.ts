/** The scales that discussions were judged on. */
import type { Scale } from "../../core/events/mod.ts";
import type { Observation } from "./observation.ts";

/**
 * Lists the scales.
 *
 * @param observations The discussions.
 * @returns Each scale of each pass once, in the order of the logs, also where some of them lack the first passes; scales of
 *   texts are not among them.
 */
export function scalesOf(
  observations: readonly Pick<Observation, "judgements">[],
): readonly Readonly<{ pass: string; scale: Scale }>[] {
  const scales: { key: string; pass: string; scale: Scale }[] = [];
  for (const { judgements } of observations) {
    // From the last on: what a log has alone comes before what the log has after it.
    let before = scales.length;
    for (const { pass, scale } of judgements.toReversed()) {
      const key = `${pass}/${scale.name}`;
      const known = scales.findIndex((one) => one.key === key);
      if (known === -1) scales.splice(before, 0, { key, pass, scale });
      else before = known;
    }
  }
  return scales.map(({ pass, scale }) => ({ pass, scale }));
}
