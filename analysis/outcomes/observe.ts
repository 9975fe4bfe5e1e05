/** From a discussion's log to what analysis needs of it. */
import {
  type AnnotationDesign,
  type DiscussionEvent,
  isCutSilence,
  type ScaleValue,
} from "../../core/events/mod.ts";
import { targetComments } from "../../core/annotation/targets.ts";
import type { DiscussionDesign } from "../../core/events/discussion_design.ts";
import type { Comment } from "../../core/discussion/state.ts";
import { ConductMeter } from "../projections/conduct.ts";
import type { MeasureTexts } from "../texts/text_measures.ts";
import type { Judgements, Observation, Slot } from "./observation.ts";

/**
 * Observes one discussion: takes in its events, and says what they come to.
 *
 * @example
 * ```ts
 * import { Observer } from "./observe.ts";
 * import { measureTexts } from "../texts/text_measures.ts";
 * import assert from "node:assert/strict";
 *
 * const observer = new Observer("runs/first");
 * // For every event of the log: observer.add(event);
 * assert.equal(await observer.finish((texts) => Promise.resolve(measureTexts(texts))), null);
 * ```
 */
export class Observer {
  readonly #run: string;
  #design: DiscussionDesign | null = null;
  #conduct: ConductMeter | null = null;
  #end: Observation["end"] = "unfinished";
  readonly #slots: Slot[] = [];
  /** The position of each comment. */
  readonly #positions: number[] = [];
  /** The comments that somebody was asked for, openings left aside. */
  readonly #texts: string[] = [];
  readonly #roles = new Map<string, string>();
  readonly #passes = new Map<string, ObservedPass>();

  /** Starts with an empty discussion. @param run The name of the run that the discussion belongs to. */
  constructor(run: string) {
    this.#run = run;
  }

  /**
   * Takes in the next event of the log.
   *
   * @throws {RangeError} When the log does not begin with the discussion's opening.
   */
  add(event: DiscussionEvent): void {
    if (event.type === "DiscussionOpened") {
      this.#design = event.data;
      this.#conduct = new ConductMeter(event.data);
      for (const { name, role } of event.data.participants) {
        if (role !== undefined) this.#roles.set(name, role.name);
      }
      return;
    }
    if (this.#conduct === null) throw new RangeError(`Cannot observe from "${event.type}" on`);
    switch (event.type) {
      case "SeedCommentPosted": {
        const { author, comment } = event.data;
        this.#place({ by: "opening", author, turn: null, comment });
        break;
      }
      case "TurnTaken": {
        const { participant, turn, comment, text } = event.data;
        this.#place({ by: "participant", author: participant, turn, comment });
        this.#texts.push(text);
        break;
      }
      case "TurnPassed": {
        const { participant, turn } = event.data;
        this.#place({ by: "participant", author: participant, turn, comment: null, ...cutIn(event) });
        break;
      }
      case "ModeratorIntervened": {
        const { moderator, turn, comment, text } = event.data;
        this.#place({ by: "moderator", author: moderator, turn, comment });
        this.#texts.push(text);
        break;
      }
      case "ModeratorAbstained": {
        const { moderator, turn } = event.data;
        this.#place({ by: "moderator", author: moderator, turn, comment: null, ...cutIn(event) });
        break;
      }
      case "DiscussionCompleted":
        this.#end = "completed";
        break;
      case "DiscussionAborted":
        this.#end = "aborted";
        break;
      case "AnnotationPassStarted":
        this.#begin(event.data);
        return;
      case "CommentAnnotated":
        this.#judged(event.data, this.#positions[event.data.comment]!);
        return;
      case "SilenceAnnotated":
        this.#judged(event.data, event.data.position);
        return;
      case "AnnotationUnparsed":
      case "AnnotationFailed":
      case "AnnotationPassCompleted":
        return;
      case "GenerationFailed":
        break;
      default:
        event satisfies never;
    }
    this.#conduct.add(event);
  }

  /**
   * What the discussion came to.
   *
   * @param measure Measures the texts of its comments; several discussions can be measured at once.
   * @returns `null` where the log is empty.
   */
  async finish(measure: MeasureTexts): Promise<Observation | null> {
    const [design, meter] = [this.#design, this.#conduct];
    if (design === null || meter === null) return null;
    const { id, condition, factors, varied, replicate, seed, imported } = design;
    const observed = {
      run: this.#run,
      discussion: id,
      condition,
      factors,
      varied,
      replicate,
      seed,
      imported: imported !== undefined,
      origin: imported?.id ?? null,
      end: this.#end,
      slots: this.#slots,
      conduct: meter.conduct(),
      judgements: [...this.#passes.values()].flatMap((pass) => pass.judgements(this.#slots.length)),
    };
    return { ...observed, ...await measure(this.#texts) };
  }

  #place(slot: Omit<Slot, "role">): void {
    if (slot.comment !== null) this.#positions[slot.comment] = this.#slots.length;
    this.#slots.push({ ...slot, role: this.#roles.get(slot.author) ?? null });
  }

  /** An imported pass begins again with further annotators. */
  #begin(design: AnnotationDesign): void {
    const before = this.#passes.get(design.pass);
    if (before !== undefined) before.extend(design);
    else this.#passes.set(design.pass, new ObservedPass(design, this.#targetsOf(design)));
  }

  #targetsOf(pass: AnnotationDesign): readonly number[] {
    const comments = this.#positions.map((position, comment): Comment => {
      const { author, by } = this.#slots[position]!;
      return { comment, author, text: "", by: by === "opening" ? "author" : by };
    });
    return targetComments(comments, pass, this.#design!.id).map((comment) => this.#positions[comment]!);
  }

  #judged(
    { pass, annotator, values }: Readonly<
      { pass: string; annotator: string; values: Readonly<Record<string, ScaleValue>> }
    >,
    position: number,
  ): void {
    const observed = this.#passes.get(pass);
    if (observed === undefined) {
      throw new RangeError(`Cannot observe a judgement of "${pass}": it never began`);
    }
    observed.add(annotator, position, values);
  }
}

/** A pass over one discussion. */
class ObservedPass {
  #design: AnnotationDesign;
  #annotators: ReadonlySet<string>;
  readonly #targets: readonly number[];
  /** Scale → annotator → position → value. */
  readonly #values: ReadonlyMap<string, Map<string, (ScaleValue | null)[]>>;

  constructor(design: AnnotationDesign, targets: readonly number[]) {
    this.#design = design;
    this.#annotators = new Set(design.annotators.map(({ name }) => name));
    this.#targets = targets;
    const scales = design.codebook.scales.filter(({ type }) => type !== "text");
    this.#values = new Map(scales.map(({ name }) => [name, new Map()]));
  }

  extend(design: AnnotationDesign): void {
    this.#design = design;
    this.#annotators = new Set(design.annotators.map(({ name }) => name));
  }

  add(annotator: string, position: number, values: Readonly<Record<string, ScaleValue>>): void {
    if (!this.#annotators.has(annotator)) {
      throw new RangeError(`Cannot observe a judgement by "${annotator}": nobody of that name`);
    }
    for (const [scale, value] of Object.entries(values)) {
      const rows = this.#values.get(scale);
      if (rows === undefined) continue;
      const row = rows.get(annotator) ?? [];
      row[position] = value;
      rows.set(annotator, row);
    }
  }

  judgements(slots: number): Judgements[] {
    const { pass, annotators, codebook } = this.#design;
    return codebook.scales.flatMap((scale) => {
      const rows = this.#values.get(scale.name);
      if (rows === undefined) return [];
      const values = annotators.map(({ name }) => {
        const row = rows.get(name) ?? [];
        return Array.from({ length: slots }, (_, position) => row[position] ?? null);
      });
      return [{
        pass,
        scale,
        annotators: annotators.map(({ name }) => name),
        targets: this.#targets,
        values,
      }];
    });
  }
}

function cutIn(event: DiscussionEvent): Pick<Slot, "isCut"> {
  return isCutSilence(event) ? { isCut: true } : {};
}
