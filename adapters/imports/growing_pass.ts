/** A pass of annotators from elsewhere, which come in together or one after the other. */
import type { AnnotationDesign, Annotator, DiscussionEvent } from "../../core/events/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "../formats/format_error.ts";
import { judgementEvents, type OutsideJudgement } from "../formats/imported_pass.ts";
import type { LoggedDiscussion } from "./logged_discussion.ts";

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
    const positions = slots.flatMap(({ comment }, position) => comment === null ? [] : [position]);
    for (const { type, data } of pass) {
      if (type === "AnnotationPassStarted") this.#logged = data;
      const isReply = type === "CommentAnnotated" || type === "SilenceAnnotated";
      if (!isReply) continue;
      const position = type === "CommentAnnotated" ? positions[data.comment]! : data.position;
      this.#repliesOf(data.annotator).set(position, String(Object.values(data.values)[0]));
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
    const isComplete = logged.at(-1)?.type === "AnnotationPassCompleted";
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
