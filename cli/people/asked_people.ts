/** The people whom the logs of a run name: participants, moderators and raters, also those who never agreed. */
import type { LogCollector } from "../../analysis/projections/mod.ts";
import { HUMAN } from "../../adapters/people/human_adapter.ts";
import { ratersOf, seatsOf } from "../../adapters/people/persons.ts";
import { scaleTypeOf } from "../../core/annotation/scales/mod.ts";
import { type AnnotationDesign, type Envelope, eventOf, type ModelSpec } from "../../core/events/mod.ts";

/** A rater in a pass. */
export type AskedRater = Readonly<{
  pass: string;
  rater: string;
  /** The number of the rater among the annotators of the pass, from 1. */
  number: number;
}>;

const isPerson = ({ adapter }: ModelSpec) => adapter === HUMAN;

/** Collects the people of a run from its events. */
export class AskedPeople implements LogCollector {
  readonly #seats = new Set<string>();
  readonly #passes = new Map<string, readonly AskedRater[]>();
  readonly #labels = new Set<string>();

  add(envelope: Envelope): void {
    const { type, data } = eventOf(envelope);
    if (type === "DiscussionOpened") {
      for (const { person } of seatsOf(data, isPerson)) this.#seats.add(person);
    } else if (type === "AnnotationPassStarted") this.#passStarted(data);
  }

  ended(): void {}

  #passStarted(design: AnnotationDesign): void {
    const { pass, annotators, codebook, reparsedFrom } = design;
    // A pass is the same in all discussions of a run, so its first event is enough.
    if (this.#passes.has(pass)) return;
    const raters = reparsedFrom === undefined ? ratersOf(design, isPerson) : [];
    this.#passes.set(
      pass,
      raters.map(({ person }) => ({
        pass,
        rater: person,
        number: annotators.findIndex(({ name }) => name === person) + 1,
      })),
    );
    for (const scale of codebook.scales) {
      for (const label of scaleTypeOf(scale).answers?.(scale) ?? []) this.#labels.add(label);
    }
  }

  /** The raters of all passes. */
  get raters(): readonly AskedRater[] {
    return [...this.#passes.values()].flat();
  }

  /** The answers that scales offer. Two annotators can give the same answer without quoting each other. */
  get labels(): Iterable<string> {
    return this.#labels;
  }

  /** The names of all people. */
  get names(): ReadonlySet<string> {
    return new Set([...this.#seats, ...this.raters.map(({ rater }) => rater)]);
  }
}
