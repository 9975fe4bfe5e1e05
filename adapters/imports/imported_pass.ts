/** Judgements from elsewhere as the events of an annotation pass. */
import type { Scale, ScaleValue } from "../../core/annotation/scales/mod.ts";
import type { AnnotationDesign, Annotator } from "../../core/events/mod.ts";
import { IMPORTED_MODEL } from "../../core/discussion/mod.ts";
import { type ImportSource } from "../../core/events/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { canonical } from "../../core/json.ts";
import type { Sha256 } from "../../core/sha256.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "../formats/format_error.ts";
import type { LoggedDiscussion } from "./logged_discussion.ts";

/** One judgement of one slot. */
export type OutsideJudgement = Readonly<{
  /** 0-based position among all slots. */
  position: number;
  annotator: string;
  values: Readonly<Record<string, ScaleValue>>;
  /** The reply, where the file holds one. */
  raw?: string;
}>;

/** What is known of a pass that was made elsewhere. */
export type OutsidePass = Readonly<{
  pass: string;
  scale: Scale;
  annotators: readonly Annotator[];
  history: number | null;
  source: ImportSource;
}>;

const VERSION_LENGTH = 12;

/**
 * The design of a pass that was made elsewhere.
 *
 * @param pass What is known of it.
 * @param sha256 The hash function.
 */
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
 * The events of a pass over one discussion, in the order of its slots.
 *
 * @param design The pass's design.
 * @param judgements At most one for each slot and annotator.
 * @param comments The ordinal of the comment in each slot; `null` for a silent one.
 */
export function eventsOfPass(
  design: AnnotationDesign,
  judgements: readonly OutsideJudgement[],
  comments: readonly (number | null)[],
): DiscussionEvent[] {
  const { pass } = design;
  return [
    { type: "AnnotationPassStarted", data: design },
    ...judgementEvents(pass, judgements, comments),
    { type: "AnnotationPassCompleted", data: { pass, annotated: judgements.length, unparsed: 0 } },
  ];
}

/**
 * The events of judgements alone, in the order of the slots.
 *
 * @param pass The pass's name.
 * @param judgements At most one for each slot and annotator.
 * @param comments The ordinal of the comment in each slot; `null` for a silent one.
 */
export function judgementEvents(
  pass: string,
  judgements: readonly OutsideJudgement[],
  comments: readonly (number | null)[],
): DiscussionEvent[] {
  return judgements.toSorted((a, b) => a.position - b.position).map(
    ({ position, annotator, values, raw }) => {
      const comment = comments[position]!;
      const said = raw === undefined ? {} : { raw };
      return comment === null
        ? { type: "SilenceAnnotated", data: { pass, position, annotator, values } }
        : { type: "CommentAnnotated", data: { pass, comment, annotator, values, ...said } };
    },
  );
}

/** An annotator's replies, by the positions of the slots that they are about. */
export type OutsideReplies = ReadonlyMap<number, string>;

/**
 * A pass over one discussion, as it is in a log and as further annotators make it.
 *
 * An annotator is a name, a model, a persona and instructions. Two of one name are told apart by their models.
 */
export class GrowingPass {
  readonly #log: LoggedDiscussion;
  readonly #design: (annotators: readonly Annotator[]) => AnnotationDesign;
  /** The design that the log has. */
  readonly #logged: AnnotationDesign | undefined;
  readonly #annotators: Annotator[];
  /** Annotator → position → reply. */
  readonly #replies = new Map<string, Map<number, string>>();
  readonly #added: OutsideJudgement[] = [];

  /**
   * Takes in what the log holds of the pass.
   *
   * @param log The log, and what of the pass is in it.
   * @param design Designs the pass for its annotators.
   * @throws {FormatError} When the discussion has not ended, or its pass of that name was not imported.
   */
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
   * Adds an annotator's replies; those that are there already count once.
   *
   * @param annotator Who replied.
   * @param replies The replies.
   * @returns How many were not there.
   * @throws {FormatError} When the annotator said something else of a slot before; nothing of the replies is added then.
   */
  add(annotator: Annotator, replies: OutsideReplies): number {
    const known = this.#known(annotator);
    const { name } = known;
    const before = this.#repliesOf(name);
    for (const [position, reply] of replies) {
      const other = before.get(position);
      if (other === undefined || other === reply) continue;
      throw new FormatError(
        `the annotator ${quoted(name)} says ${
          quoted(reply)
        } of slot ${position} of "${this.#log.stream}", and said ` +
          `${
            quoted(other)
          } of it before. Leave one of the two files out, or import this one under another name ` +
          `with --as`,
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

  /**
   * Writes what was added, and what a killed import left out.
   *
   * @returns Whether anything was missing.
   * @throws {StoreError} When the log cannot be written.
   */
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
      ...judgementEvents(pass, this.#added, slots.map(({ comment }) => comment)),
      { type: "AnnotationPassCompleted", data: { pass, annotated, unparsed: 0 } },
    ];
    for (const event of events) writer.push({ event });
    return (await writer.write()).length > 0;
  }

  /** The annotator as the pass has it, or will have it. */
  #known(annotator: Annotator): Annotator {
    const { name, model } = annotator;
    const names = [name, `${name} (${model})`];
    const known = this.#annotators.find((other) => names.includes(other.name) && isSame(other, annotator));
    if (known !== undefined) return known;
    const free = names.find((candidate) => this.#annotators.every((other) => other.name !== candidate));
    const namesake = this.#annotators.find((other) => other.name === name);
    if (free !== undefined && namesake?.model !== model) return { ...annotator, name: free };
    throw new FormatError(
      `the pass has another annotator ${
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

/**
 * Adds the events of a pass; of a pass that a killed import left unfinished, those that are missing.
 *
 * @param log The log, and what of the pass is in it.
 * @param events All events of the pass.
 * @returns Whether anything was missing.
 * @throws {FormatError} When the discussion has not ended, or a pass of that name is there that says something else.
 * @throws {StoreError} When the log cannot be written.
 */
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
