/** One discussion word by word, as a block of a report. */
import {
  type AnnotationDesign,
  type DiscussionDesign,
  type DiscussionEvent,
  isAnnotationEvent,
  isCutSilence,
  type ScaleValue,
} from "../../core/events/mod.ts";
import type { Transcript } from "./document.ts";
import { formatCount } from "./numbers.ts";
import { shortened } from "./words.ts";

/** Comments of a discussion that are shown; of further ones it is said how many there are. */
export const COMMENTS_SHOWN_MAX = 60;

/** Characters of a comment that are shown; what is left out is counted. */
export const COMMENT_SHOWN_MAX = 2_000;

/** Characters of a name, and of what is said of a judgement. */
const NAME_SHOWN_MAX = 200;

/** Decimals of a mean judgement. */
const DECIMALS = 2;

type Entry = Omit<Transcript["comments"][number], "judged"> & { readonly judgements: Judgements };
/** Pass and scale → what annotators said. */
type Judgements = Map<string, ScaleValue[]>;

/** Puts the events of one discussion together. */
export class TranscriptTally {
  readonly #entries: Entry[] = [];
  readonly #passes = new Set<string>();
  /** Ordinal of a comment → its place among all slots. */
  readonly #places = new Map<number, number>();
  /** Scales whose answers are texts, which cannot be put together. */
  readonly #texts = new Set<string>();
  #roles: ReadonlyMap<string, string> = new Map();
  #slots = 0;

  /** Takes in the next event of the discussion. */
  add(event: DiscussionEvent): void {
    if (isAnnotationEvent(event)) {
      if (event.type === "AnnotationPassStarted") this.#start(event.data);
      if (event.type === "CommentAnnotated") this.#judge(this.#places.get(event.data.comment), event.data);
      if (event.type === "SilenceAnnotated") this.#judge(event.data.position, event.data);
      return;
    }
    switch (event.type) {
      case "DiscussionOpened":
        this.#roles = rolesOf(event.data);
        break;
      case "SeedCommentPosted":
        this.#slot("opening", event.data.author, event.data);
        break;
      case "TurnTaken":
        this.#slot("participant", event.data.participant, event.data);
        break;
      case "TurnPassed":
        this.#slot("participant", event.data.participant, isCutSilence(event));
        break;
      case "ModeratorIntervened":
        this.#slot("moderator", event.data.moderator, event.data);
        break;
      case "ModeratorAbstained":
        this.#slot("moderator", event.data.moderator, isCutSilence(event));
        break;
      case "GenerationFailed":
      case "DiscussionCompleted":
      case "DiscussionAborted":
        break;
      default:
        event satisfies never;
    }
  }

  /** @param said What was said, or, where nothing was, whether that is because the reply was cut. */
  #slot(by: Entry["by"], author: string, said: Readonly<{ comment: number; text: string }> | boolean): void {
    const place = this.#slots++;
    if (place >= COMMENTS_SHOWN_MAX) return;
    if (typeof said === "object") this.#places.set(said.comment, place);
    const role = by === "moderator" ? undefined : this.#roles.get(author);
    this.#entries.push({
      by,
      author: shortened(author, NAME_SHOWN_MAX),
      role: role === undefined ? null : shortened(role, NAME_SHOWN_MAX),
      text: typeof said === "object" ? shortened(said.text, COMMENT_SHOWN_MAX) : null,
      ...(said === true ? { isCut: true } as const : {}),
      judgements: new Map(),
    });
  }

  #start({ pass, codebook }: AnnotationDesign): void {
    this.#passes.add(pass);
    for (const { name, type } of codebook.scales) {
      if (type === "text") this.#texts.add(scaleKey(pass, name));
    }
  }

  #judge(
    place: number | undefined,
    { pass, values }: Readonly<{ pass: string; values: Readonly<Record<string, ScaleValue>> }>,
  ): void {
    const judgements = place === undefined ? undefined : this.#entries[place]?.judgements;
    if (judgements === undefined) return;
    for (const [scale, value] of Object.entries(values)) {
      const name = scaleKey(pass, scale);
      if (this.#texts.has(name)) continue;
      judgements.set(name, [...judgements.get(name) ?? [], value]);
    }
  }

  /**
   * The discussion as a block, within bounds.
   *
   * @param title What it is called.
   * @param text What it is an example of.
   */
  transcript(title: string, text: string): Transcript {
    const cut = this.#slots > COMMENTS_SHOWN_MAX
      ? ` The first ${COMMENTS_SHOWN_MAX} of ${formatCount(this.#slots)} comments and silences are shown.`
      : "";
    const comments = this.#entries.map(({ judgements, ...entry }) => ({
      ...entry,
      judged: this.#judged(judgements),
    }));
    return { kind: "transcript", title, text: `${text}${cut}`, comments };
  }

  #judged(judgements: Judgements): string {
    return [...judgements].map(([key, values]) => {
      const [pass, scale] = JSON.parse(key) as [string, string];
      const name = this.#passes.size > 1 ? `${pass}/${scale}` : scale;
      return shortened(`${name} ${judgementText(values)}`, NAME_SHOWN_MAX);
    }).join(", ");
  }
}

function scaleKey(pass: string, scale: string): string {
  return JSON.stringify([pass, scale]);
}

/**
 * What annotators said of one comment on one scale: the mean of numbers, else how many chose each
 * label.
 */
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

function rolesOf({ participants }: DiscussionDesign): ReadonlyMap<string, string> {
  return new Map(participants.flatMap(({ name, role }) => role === undefined ? [] : [[name, role.name]]));
}

/** What stands in the place of a text where there is none. */
export function silenceText(isCut: boolean | undefined): string {
  return isCut ? "no comment: the reply was cut before any text" : "said nothing";
}
