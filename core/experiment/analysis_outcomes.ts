/** Whether what an analysis compares is there, and can be compared. */
import {
  type KnownScale,
  OUTCOME_FORMS,
  type OutcomeName,
  outcomeNames,
  readOutcomeName,
  scaleNamed,
} from "./outcome_name.ts";
import { type Finding, listed, mismatch, type Path, quoted, suggesting } from "./problems.ts";

/** What comments are judged on, as far as it is known. */
export type OutcomeContext = Readonly<{
  scales: readonly KnownScale[];
  /** Whether comments may be judged in further passes: names of their scales are taken as they are. */
  morePasses: boolean;
}>;

/**
 * What is wrong with a list of outcomes; paths are from the list on.
 *
 * @param outcomes As the file writes them; what is no text is left to the schema.
 * @param context What there is to compare.
 */
export function outcomeFindings(outcomes: readonly unknown[], context: OutcomeContext): readonly Finding[] {
  const seen = new Map<string, string>();
  return outcomes.flatMap((text, index): Finding | readonly Finding[] => {
    if (typeof text !== "string") return [];
    const name = readOutcomeName(text);
    if (name === null) return mismatch([index], OUTCOME_FORMS, text);
    const finding = "metric" in name ? null : scaleFinding(name, { text, path: [index], context });
    if (finding !== null) return finding;
    const key = keyOf(name, context.scales);
    const first = seen.get(key);
    if (first !== undefined) return { path: [index], message: repetition(text, first) };
    seen.set(key, text);
    return [];
  });
}

/** That something stands in a list twice, in the same words or in others. */
export function repetition(text: string, first: string): string {
  return text === first
    ? `${quoted(text)} stands here twice`
    : `${quoted(text)} is the same as ${quoted(first)}`;
}

type Judged = Exclude<OutcomeName, { metric: unknown }>;

/** The same key for the same outcome, whether its pass is named or not. */
function keyOf(name: OutcomeName, scales: readonly KnownScale[]): string {
  if ("metric" in name) return name.metric;
  return JSON.stringify([name.pass ?? scaleNamed(name, scales)?.pass, name.scale, name.label]);
}

type Place = Readonly<{ text: string; path: Path; context: OutcomeContext }>;

function scaleFinding(name: Judged, { text, path, context }: Place): Finding | null {
  const { scales, morePasses } = context;
  const known = scaleNamed(name, scales);
  if (known === undefined) {
    const isOfKnownPass = name.pass === null
      ? scales.length > 0
      : scales.some(({ pass }) => pass === name.pass);
    if (morePasses && !isOfKnownPass) return null;
    const names = outcomeNames(scales);
    const expected = listed(names);
    const message = `there is no outcome ${quoted(text)}: expected ${expected}`;
    return suggesting({ path, message, expected, found: quoted(text) }, text, names);
  }
  const { label } = name;
  const bare = label === null ? text : text.slice(0, -label.length - 1);
  const { scale } = known;
  if (scale.type === "text") {
    return { path, message: `${quoted(bare)} is a text scale: texts cannot be compared` };
  }
  if (scale.type !== "nominal") {
    if (label === null) return null;
    const message = `${quoted(bare)} is no nominal scale: its values are compared, not one of its labels`;
    return { path, message, suggestion: bare };
  }
  if (label !== null && scale.labels.includes(label)) return null;
  const names = scale.labels.map((one) => `${bare}=${one}`);
  const expected = listed(names);
  if (label === null) {
    return {
      path,
      message: `${quoted(bare)} is a nominal scale: expected one of its labels, as ${expected}`,
      expected,
    };
  }
  const message = `the scale ${quoted(bare)} has no label ${quoted(label)}: expected ${expected}`;
  return suggesting({ path, message, expected, found: quoted(text) }, text, names);
}
