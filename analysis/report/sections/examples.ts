/** The section of examples, which shows some discussions word for word. */
import type { ExamplePlace } from "../../statistics/quantile_examples.ts";
import type { Block, Section, Transcript } from "../document.ts";
import type { OutcomeFacts } from "../facts.ts";
import { isFreeText, type ScaleValue } from "../../../core/annotation/scales/mod.ts";
import { type DiscussionSlots, isCut, type Slot } from "../../projections/mod.ts";
import { formatCount } from "../numbers.ts";
import { paragraph } from "../tables.ts";
import { joined, shortened } from "../words.ts";

export type Example = Readonly<{ place: ExamplePlace; transcript: Transcript }>;

/** Shows examples that were chosen by their value of an outcome. */
export function examplesSection(
  outcome: Pick<OutcomeFacts, "name" | "unit"> | null,
  examples: readonly Example[],
): Section {
  const section = (blocks: readonly Block[]): Section => ({ id: "examples", title: "Examples", blocks });
  if (outcome === null || examples.length === 0) {
    return section([
      paragraph("There are no examples, because no completed discussion has a value of any outcome."),
    ]);
  }
  const figure = outcome.unit === "comment" ? `mean ${outcome.name}` : outcome.name;
  return section([
    paragraph(
      `These discussions are at the ${joined(examples.map(({ place }) => place))} of ${figure}. ` +
        "They were selected by this rule alone, not by content. Comments are shown as the participants could read them.",
    ),
    ...examples.map(({ transcript }) => transcript),
  ]);
}

/** At most this many slots of a discussion are shown. A note counts the others. */
export const COMMENTS_SHOWN_MAX = 60;

/** At most this many characters of a comment are shown; the rest are counted. */
export const COMMENT_SHOWN_MAX = 2_000;

/** At most this many characters of a name, and of a comment's annotations, are shown. */
const NAME_SHOWN_MAX = 200;

const DECIMALS = 2;

/** One discussion as a block of a report. Long comments and long discussions are cut. */
export function transcriptOf(discussion: DiscussionSlots, title: string, text: string): Transcript {
  const { slots } = discussion;
  const cut = slots.length > COMMENTS_SHOWN_MAX
    ? ` The first ${COMMENTS_SHOWN_MAX} of ${formatCount(slots.length)} comments and silences are shown.`
    : "";
  const copied = slots.filter(({ isPast }) => isPast).length;
  const past = copied === 0 ? "" : ` The first ${formatCount(copied)} are the past, which branches share.`;
  const comments = slots.slice(0, COMMENTS_SHOWN_MAX).map((slot) => ({
    by: slot.by,
    author: shortened(slot.author, NAME_SHOWN_MAX),
    role: slot.role === null ? null : shortened(slot.role, NAME_SHOWN_MAX),
    text: slot.text === null ? null : shortened(slot.text, COMMENT_SHOWN_MAX),
    ...(isCut(slot) ? { isCut: true } as const : {}),
    ...(slot.withheld === undefined ? {} : { withheld: slot.withheld }),
    annotations: annotationsText(slot, discussion.passes),
  }));
  return { kind: "transcript", title, text: `${text}${cut}${past}`, comments };
}

/** The annotations of one slot. Free texts are left out, because they have no mean and cannot be counted. */
function annotationsText({ annotations }: Slot, passes: DiscussionSlots["passes"]): string {
  const found = new Map<string, { pass: string; scale: string; values: ScaleValue[] }>();
  for (const { pass, values } of annotations) {
    const { scales } = passes.get(pass)!.design.codebook;
    for (const [scale, value] of Object.entries(values ?? {})) {
      if (scales.some((one) => one.name === scale && isFreeText(one))) continue;
      const key = JSON.stringify([pass, scale]);
      const one = found.get(key) ?? { pass, scale, values: [] };
      found.set(key, one);
      one.values.push(value);
    }
  }
  return [...found.values()].map(({ pass, scale, values }) => {
    const name = passes.size > 1 ? `${pass}/${scale}` : scale;
    return shortened(`${name} ${judgementText(values)}`, NAME_SHOWN_MAX);
  }).join(", ");
}

/** The annotations of a comment on a scale: the mean of numbers, or how many annotators chose each label. */
function judgementText(values: readonly ScaleValue[]): string {
  const count = values.length;
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length === count) {
    return String(Number((numbers.reduce((sum, value) => sum + value, 0) / count).toFixed(DECIMALS)));
  }
  const counts = new Map<string, number>();
  for (const value of values) {
    const label = typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([label, times]) => count === 1 ? label : `${label} (${times} of ${count})`).join(", ");
}
