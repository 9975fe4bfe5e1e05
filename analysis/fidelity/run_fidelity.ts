/** Fidelity of a run: all of its logs against what was declared. */
import { BrokenRule, type Rules } from "../../core/discussion/decide.ts";
import { type Envelope, runLogNamed } from "../../core/events/mod.ts";
import { type LogCollector, type ReadLog, RunHeadTally } from "../projections/mod.ts";
import type { FidelityCheck } from "./check.ts";
import type { Declaration } from "./declaration.ts";
import { Fidelity } from "./fidelity.ts";
import { judge } from "./judge.ts";
import { notShown, recordFinding, type RunRecordFacts } from "./recorded.ts";

/** What was found. */
export type RunFidelity = Readonly<{
  discussions: number;
  checks: readonly FidelityCheck[];
  /** Discussions that could not be checked to their end: a log is damaged, or a rule of the run's own broke. */
  problems: readonly Readonly<{ discussion: string; message: string }>[];
  /** What was taken for declared, for people. */
  declaredBy: string;
  /** Why it cannot be shown that the analysis was declared when the run was made; `null` where it can. */
  notShown: string | null;
}>;

/** What a run is held against. */
export type RunDeclaration = Readonly<{
  rules: Rules;
  /** `undefined` where it is what the logs' own designs say. */
  declaration: Declaration | undefined;
  /** What declares it, for people. */
  source: string;
  /** What the run's folder says about itself; `null` for a log that is in no run's folder. */
  record: RunRecordFacts | null;
}>;

/** Checks the discussions of a run; one that cannot be checked does not stop the others. */
export class FidelityTally implements LogCollector {
  readonly #fidelity: Fidelity;
  readonly #declaredBy: string;
  readonly #problems: { discussion: string; message: string }[] = [];
  readonly #record: RunRecordFacts | null;
  readonly #heads: RunHeadTally;
  #discussions = 0;
  /** Why the rest of the log that is being read is not checked. */
  #broken: string | null = null;

  /** Starts with no discussion. @param declared The declaration that the run is compared with. */
  constructor({ rules, declaration, source, record }: RunDeclaration) {
    this.#fidelity = new Fidelity(rules, declaration === undefined ? {} : { declaration });
    this.#declaredBy = source;
    this.#record = record;
    this.#heads = new RunHeadTally(record?.log ?? { kind: "none" });
  }

  add(envelope: Envelope): void {
    if (envelope.type === "DiscussionOpened") this.#heads.add(envelope.stream, runLogNamed(envelope));
    if (this.#broken !== null) return;
    try {
      this.#fidelity.add(envelope);
    } catch (error) {
      // RangeError: events that cannot follow each other.
      if (!(error instanceof BrokenRule || error instanceof RangeError)) throw error;
      this.#broken = error.message;
    }
  }

  ended({ discussion, damage }: ReadLog): void {
    const message = this.#broken ?? damage;
    if (message !== null) this.#problems.push({ discussion, message });
    this.#discussions++;
    this.#broken = null;
  }

  /** What was found in the logs that have been read. */
  found(): RunFidelity {
    const heads = this.#heads.found();
    return {
      discussions: this.#discussions,
      checks: [
        ...this.#fidelity.results(),
        ...(this.#record === null ? [] : judge([recordFinding(this.#record, heads)])),
      ],
      problems: this.#problems,
      declaredBy: this.#declaredBy,
      notShown: notShown(this.#record?.log ?? { kind: "none" }, heads),
    };
  }
}
