/** Annotations from files become the events of an annotation pass. */
import type { Scale, ScaleValue } from "../../core/annotation/scales/mod.ts";
import type { AnnotationDesign, Annotator, DiscussionEvent, ImportSource } from "../../core/events/mod.ts";
import { IMPORTED_MODEL } from "../../core/discussion/mod.ts";
import { canonical } from "../../core/json.ts";
import type { Sha256 } from "../../core/sha256.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "../formats/format_error.ts";
import type { LoggedDiscussion } from "./logged_discussion.ts";

type OutsideAnnotation = Readonly<{
  position: number;
  annotator: string;
  values: Readonly<Record<string, ScaleValue>>;
  raw?: string;
}>;

type OutsidePass = Readonly<{
  pass: string;
  scale: Scale;
  annotators: readonly Annotator[];
  history: number | null;
  source: ImportSource;
}>;

const VERSION_LENGTH = 12;

export function designOfPass(
  { pass, scale, annotators, history, source }: OutsidePass,
  sha256: Sha256,
): AnnotationDesign {
  const scales = [scale];
  const hash = sha256(canonical(scales));
  return {
    pass,
    codebook: { version: hash.slice(0, VERSION_LENGTH), hash, scales },
    annotators,
    models: Object.fromEntries(
      annotators.flatMap(({ model }) => model === undefined ? [] : [[model, IMPORTED_MODEL]]),
    ),
    history,
    targets: { of: "all" },
    requests: "together",
    retries: 0,
    seed: "",
    prompt: { version: 1 },
    source,
  };
}

/**
 * The events of a pass over one discussion.
 *
 * @param comments The ordinal of the comment in each slot; `null` for a silent one.
 */
export function eventsOfPass(
  design: AnnotationDesign,
  annotations: readonly OutsideAnnotation[],
  comments: readonly (number | null)[],
): DiscussionEvent[] {
  const { pass } = design;
  return [
    { type: "AnnotationPassStarted", data: design },
    ...annotationEvents(pass, annotations, comments),
    { type: "AnnotationPassCompleted", data: { pass, annotated: annotations.length, unparsed: 0 } },
  ];
}

/** The events of the annotations alone, in the order of the slots. */
function annotationEvents(
  pass: string,
  annotations: readonly OutsideAnnotation[],
  comments: readonly (number | null)[],
): DiscussionEvent[] {
  return annotations.toSorted((a, b) => a.position - b.position).map(
    ({ position, annotator, values, raw }) => {
      const comment = comments[position]!;
      const said = raw === undefined ? {} : { raw };
      return comment === null
        ? { type: "SilenceAnnotated", data: { pass, position, annotator, values } }
        : { type: "CommentAnnotated", data: { pass, comment, annotator, values, ...said } };
    },
  );
}

/** An annotator's replies, by the positions of their slots. */
type OutsideReplies = ReadonlyMap<number, string>;

/**
 * A pass over one discussion that further annotators join. An annotator is a name, a model, a persona and instructions. The
 * models tell annotators with one name apart.
 */
export class GrowingPass {
  readonly #log: LoggedDiscussion;
  readonly #design: (annotators: readonly Annotator[]) => AnnotationDesign;
  readonly #logged: AnnotationDesign | undefined;
  readonly #annotators: Annotator[];
  /** Annotator → position → reply. */
  readonly #replies = new Map<string, Map<number, string>>();
  readonly #added: OutsideAnnotation[] = [];

  constructor(log: LoggedDiscussion, design: (annotators: readonly Annotator[]) => AnnotationDesign) {
    const { stream, hasEnded, pass, slots } = log;
    if (!hasEnded) throw new FormatError(`the discussion "${stream}" has not ended yet`);
    this.#log = log;
    this.#design = design;
    this.#logged = pass?.design;
    for (const [position, { annotations }] of slots.entries()) {
      for (const { annotator, values } of annotations) {
        if (values !== null) this.#repliesOf(annotator).set(position, String(Object.values(values)[0]));
      }
    }
    const { codebook } = design([]);
    if (
      this.#logged !== undefined &&
      (this.#logged.source === undefined || this.#logged.codebook.hash !== codebook.hash)
    ) {
      throw new FormatError(
        `"${stream}" has another pass of that name already. Give this one another name with --as`,
      );
    }
    this.#annotators = [...this.#logged?.annotators ?? []];
  }

  /**
   * Adds an annotator's replies, if they are new, and returns how many are new.
   *
   * @throws {FormatError} When the annotator gave another reply about a slot before. Then nothing is added.
   */
  add(annotator: Annotator, replies: OutsideReplies): number {
    const known = this.#known(annotator);
    const { name } = known;
    const before = this.#repliesOf(name);
    for (const [position, reply] of replies) {
      const other = before.get(position);
      if (other === undefined || other === reply) continue;
      throw new FormatError(
        `the annotator ${quoted(name)} replies ${
          quoted(reply)
        } about slot ${position} of "${this.#log.stream}", and ` +
          `replied ${
            quoted(other)
          } about it before. Leave one of the two files out, or import this one under ` +
          `another name with --as`,
      );
    }
    const isNew = !this.#annotators.includes(known);
    const added = [...replies].filter(([position]) => !before.has(position));
    if (isNew) this.#annotators.push(known);
    const [scale] = this.#design([]).codebook.scales;
    for (const [position, reply] of added) {
      before.set(position, reply);
      this.#added.push({ position, annotator: name, values: { [scale!.name]: reply }, raw: reply });
    }
    return added.length;
  }

  /** Writes the new replies, and what a killed import left out. */
  async write(): Promise<boolean> {
    const { writer, slots, pass: logged } = this.#log;
    const isComplete = logged?.completed ?? false;
    if (isComplete && this.#added.length === 0) return false;
    const asked = this.#design(this.#annotators);
    const design = { ...asked, source: this.#logged?.source ?? asked.source! };
    const { pass } = design;
    const isBegun = !isComplete && this.#logged?.annotators.length === this.#annotators.length;
    const annotated = [...this.#replies.values()].reduce((sum, { size }) => sum + size, 0);
    const events: DiscussionEvent[] = [
      ...(isBegun ? [] : [{ type: "AnnotationPassStarted", data: design } as const]),
      ...annotationEvents(pass, this.#added, slots.map(({ comment }) => comment)),
      { type: "AnnotationPassCompleted", data: { pass, annotated, unparsed: 0 } },
    ];
    for (const event of events) writer.push({ event });
    return (await writer.write()).length > 0;
  }

  /** The annotator as the pass knows them, or will know them. */
  #known(annotator: Annotator): Annotator {
    const { name, model } = annotator;
    const names = [name, `${name} (${model})`];
    const known = this.#annotators.find((other) => names.includes(other.name) && isSame(other, annotator));
    if (known !== undefined) return known;
    const free = names.find((candidate) => this.#annotators.every((other) => other.name !== candidate));
    const namesake = this.#annotators.find((other) => other.name === name);
    if (free !== undefined && namesake?.model !== model) return { ...annotator, name: free };
    throw new FormatError(
      `the pass has another annotator called ${
        quoted(name)
      } of the same model, with another persona. Give one of them ` +
        `another name in its file, or import this file under another name with --as`,
    );
  }

  #repliesOf(annotator: string): Map<number, string> {
    let replies = this.#replies.get(annotator);
    if (replies === undefined) this.#replies.set(annotator, replies = new Map());
    return replies;
  }
}

function isSame(one: Annotator, other: Annotator): boolean {
  return one.model === other.model && JSON.stringify(one.persona) === JSON.stringify(other.persona);
}

/** Writes the events of a pass, or the missing ones after a killed import. */
export async function appendPass(
  { stream, hasEnded, passEvents: held, writer }: LoggedDiscussion,
  events: readonly DiscussionEvent[],
): Promise<boolean> {
  if (!hasEnded) throw new FormatError(`the discussion "${stream}" has not ended yet`);
  if (held.some((event, place) => JSON.stringify(event) !== JSON.stringify(events[place]))) {
    throw new FormatError(
      `"${stream}" has another pass of that name already. Give this one another name with --as`,
    );
  }
  for (const event of events.slice(held.length)) writer.push({ event });
  return (await writer.write()).length > 0;
}
