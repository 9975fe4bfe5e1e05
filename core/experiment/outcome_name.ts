/** What outcomes are called. */
import type { Scale } from "../events/mod.ts";
import { PASS_NAME } from "../annotation/pass_name.ts";
import { DISCUSSION_METRICS, type DiscussionMetric } from "./analysis_design.ts";
import { NAME_LENGTH_MAX } from "./limits.ts";
import { VISIBLE_LINE } from "./schema.ts";

/** A scale, and the pass that comments are judged on it in. */
export type KnownScale = Readonly<{ pass: string; scale: Scale }>;

/** What the name of an outcome says; `null` for a pass or label that it leaves out. */
export type OutcomeName =
  | Readonly<{ metric: DiscussionMetric }>
  | Readonly<{ pass: string | null; scale: string; label: string | null }>;

/** What {@linkcode readOutcomeName} expects, in words. */
export const OUTCOME_FORMS = `a scale, pass/scale, scale=label, or one of ${DISCUSSION_METRICS.join(", ")}`;

/**
 * Reads the name of an outcome: `toxicity`, `second/toxicity`, `stance=against`, `diversity`. A figure of whole
 * discussions has its name before a scale that is called the same, which can be named with its pass.
 *
 * @returns `null` where nothing can be called that.
 */
export function readOutcomeName(text: string): OutcomeName | null {
  if (isMetric(text)) return { metric: text };
  const equals = text.indexOf("=");
  const [place, label] = equals === -1 ? [text, null] : [text.slice(0, equals), text.slice(equals + 1)];
  const slash = place.indexOf("/");
  const [pass, scale] = slash === -1 ? [null, place] : [place.slice(0, slash), place.slice(slash + 1)];
  if (pass !== null && !PASS_NAME.test(pass)) return null;
  if (label !== null && !isName(label)) return null;
  return isName(scale) && !scale.includes("/") ? { pass, scale, label } : null;
}

/** Whether an outcome is a figure of whole discussions. */
export function isMetric(name: unknown): name is DiscussionMetric {
  return (DISCUSSION_METRICS as readonly unknown[]).includes(name);
}

/** The scale that an outcome is of: without a pass, the first that is called so. */
export function scaleNamed(
  { pass, scale: name }: Readonly<{ pass: string | null; scale: string }>,
  scales: readonly KnownScale[],
): KnownScale | undefined {
  return scales.find((known) => known.scale.name === name && (pass === null || known.pass === pass));
}

/** Everything that can be compared where these scales are known, the scales first. */
export function outcomeNames(scales: readonly KnownScale[]): readonly string[] {
  const judged = scales.flatMap((known) => {
    const { pass, scale } = known;
    const isFirst = scaleNamed({ pass: null, scale: scale.name }, scales) === known;
    const name = isFirst && !isMetric(scale.name) ? scale.name : `${pass}/${scale.name}`;
    if (scale.type === "text") return [];
    return scale.type === "nominal" ? scale.labels.map((label) => `${name}=${label}`) : [name];
  });
  return [...judged, ...DISCUSSION_METRICS];
}

function isName(text: string): boolean {
  return text.length <= NAME_LENGTH_MAX && VISIBLE_LINE.test(text);
}
