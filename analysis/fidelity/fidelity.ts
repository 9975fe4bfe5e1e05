/** Fidelity: compares a run with its declaration, from the logs alone. */
import { BrokenRule, type Rules } from "../../core/discussion/decide.ts";
import { type Envelope, eventOf, isAnnotationEvent } from "../../core/events/mod.ts";
import { readEvent } from "../projections/entries.ts";
import type { ChanceTests } from "./chance_tests.ts";
import { FAMILY_LEVEL, type FidelityCheck, withVerdicts } from "./checks.ts";
import { AS_LOGGED, type Checker, type Declaration, Watched } from "./declaration.ts";
import { DesignChecker } from "./designs.ts";
import { GenerationChecker } from "./generations.ts";
import { ModerationChecker } from "./moderation.ts";
import { SpeakerChecker } from "./speakers.ts";
import { SamplingChecker } from "./sampling.ts";
import type { Appendable } from "../projections/appendable.ts";
import type { LogCollector, ReadLog } from "../projections/slots.ts";
import { type CountedEnds, LogEndTally } from "./log_ends.ts";
import { type SeedOptions, SeedTally, type SeedUse } from "./seeds.ts";
import { notShown, recordFinding, RunHeadTally, type RunRecordFacts } from "./run_record.ts";

/** The declaration that discussions are compared with, and how many false flags are allowed. */
export type FidelityOptions =
  & SeedOptions
  & Readonly<{
    /** Default: the designs in the logs. */
    declaration?: Declaration;
    /** At most this share of runs that follow their declaration is flagged by chance. */
    familyLevel?: number;
  }>;

/**
 * Up to this many draws count as few. A program can make many discussions that all have the same few draws. If
 * the threads know these draws, no discussion has to be counted again.
 */
const FEW_DRAWS = 100;

/** The counts of {@linkcode Fidelity}. */
export type CountedFidelity = Readonly<{ seeds: readonly SeedUse[]; checks: readonly unknown[] }>;

/**
 * Compares a run's discussions with their declaration. It keeps the whole state of a discussion until the discussion
 * ends. After that, it keeps only counts and the seed.
 *
 * Discussions with the same seed make the same draws, so they are not independent evidence. In a matched design,
 * different conditions have the same seeds. So each condition is then tested alone.
 *
 * @example
 * ```ts
 * import { CHANCE_TESTS } from "./chance.ts";
 * import { Fidelity } from "./fidelity.ts";
 * import { moderationSchedules } from "../../core/moderation/mod.ts";
 * import { portableSha256 } from "../../core/sha256.ts";
 * import { turnTakingStrategies } from "../../core/turn_taking/mod.ts";
 * import assert from "node:assert/strict";
 *
 * const rules = { strategies: turnTakingStrategies(), schedules: moderationSchedules(), sha256: portableSha256 };
 * const fidelity = new Fidelity(rules);
 * // For every event of every log: fidelity.add(envelope);
 * assert.ok(fidelity.results(CHANCE_TESTS).every(({ verdict }) => verdict === "cannot-tell"));
 * ```
 */
export class Fidelity implements Appendable<CountedFidelity> {
  readonly #declaration: Declaration;
  readonly #level: number;
  readonly #checkers: readonly Checker[];
  readonly #open = new Map<string, Watched>();
  readonly #seeds: SeedTally;

  /**
   * Begins without any discussion.
   *
   * @param rules The rules of the discussions: strategies and schedules by name, and the hash of prompts.
   */
  constructor(
    rules: Rules,
    { declaration = AS_LOGGED, familyLevel = FAMILY_LEVEL, ...options }: FidelityOptions = {},
  ) {
    this.#declaration = declaration;
    this.#level = familyLevel;
    this.#seeds = new SeedTally(options);
    this.#checkers = [
      new DesignChecker(declaration),
      new SpeakerChecker(rules, options),
      new ModerationChecker(rules),
      new GenerationChecker(rules, options),
      new SamplingChecker(options),
    ];
  }

  /**
   * Takes in the next event of a discussion. Events of several discussions may alternate.
   *
   * @throws {RangeError} When the event cannot follow the earlier events of its discussion.
   */
  add(envelope: Envelope): void {
    const event = eventOf(envelope);
    if (isAnnotationEvent(event)) return;
    const { stream } = envelope;
    const entry = readEvent(envelope);
    if (entry.kind === "opened") {
      const { design } = entry;
      const discussion = new Watched(design, this.#declaration.of(design), this.#isFresh(design));
      this.#open.set(stream, discussion);
      for (const checker of this.#checkers) checker.opened?.(discussion);
      return;
    }
    const discussion = this.#open.get(stream);
    if (discussion === undefined) {
      throw new RangeError(
        `Cannot check "${stream}": its log begins with "${event.type}", not with the opening`,
      );
    }
    const isCopy = discussion.isInherited(envelope);
    for (const checker of this.#checkers) {
      if (isCopy) checker.copied?.(discussion, envelope);
      else checker.entry?.(discussion, entry);
    }
    discussion.fold(event);
    if (discussion.state.phase === "ended") this.#open.delete(stream);
  }

  /** See `Watched.isFresh`. It is always true for an imported discussion, because its seed was not used for draws. */
  #isFresh({ seed, condition, imported }: Watched["logged"]): boolean {
    return imported !== undefined || this.#seeds.add(seed, condition);
  }

  /** See {@linkcode Appendable}. */
  counted(): CountedFidelity {
    return { seeds: this.#seeds.counted(), checks: this.#checkers.map((checker) => checker.counted()) };
  }

  /**
   * The draws with which discussions must be counted again, because their counts repeat draws of earlier discussions.
   * Empty if they repeat none.
   *
   * @param drawn The draws with which they were counted.
   */
  drawsToCountAgain({ seeds }: CountedFidelity, drawn: readonly SeedUse[]): readonly SeedUse[] {
    const repeated = this.#seeds.repeated(seeds);
    return repeated.length === 0 ? [] : [...drawn, ...repeated];
  }

  /**
   * All draws so far; an empty list if they are many. If another tally gets them as `drawn`, it does not count
   * them again.
   */
  get fewDraws(): readonly SeedUse[] {
    return this.#seeds.usesIfFew(FEW_DRAWS);
  }

  /** See {@linkcode Appendable}. The counts must not repeat draws. */
  append({ seeds, checks }: CountedFidelity): void {
    this.#seeds.append(seeds);
    for (const [index, checker] of this.#checkers.entries()) checker.append(checks[index]);
  }

  /** The checks so far, with their verdicts. @param tests `CHANCE_TESTS`. */
  results(tests: ChanceTests): readonly FidelityCheck[] {
    return withVerdicts(
      this.#checkers.flatMap((checker) => checker.findings(this.#seeds.areShared, tests)),
      this.#level,
    );
  }
}

/** The checks of a run. */
export type RunFidelity = Readonly<{
  discussions: number;
  checks: readonly FidelityCheck[];
  /** Discussions that could not be checked to their end, because a log is damaged or a custom rule failed. */
  problems: readonly Readonly<{ discussion: string; message: string }>[];
  /** The source of the declaration, for people. */
  declaredBy: string;
  /** Why the logs do not show that the analysis was declared when the run was made; `null` if they do. */
  notShown: string | null;
}>;

/** The declaration that a run is compared with. */
export type RunDeclaration = Readonly<{
  rules: Rules;
  /** `undefined` to compare with the designs in the logs. */
  declaration: Declaration | undefined;
  /** The source of the declaration, for people. */
  source: string;
  /** The record in the run's folder; `null` for a log outside of a run's folder. */
  record: RunRecordFacts | null;
}>;

/** The counts of a {@linkcode FidelityTally}. */
export type CountedRunFidelity = Readonly<{
  fidelity: CountedFidelity;
  discussions: number;
  problems: RunFidelity["problems"];
  /** The hash of the run log that each discussion names; `null` if it names none. */
  heads: readonly (readonly [discussion: string, runLog: string | null])[];
  ends: CountedEnds;
}>;

/** Checks the discussions of a run. A discussion that cannot be checked does not stop the others. */
export class FidelityTally implements LogCollector, Appendable<CountedRunFidelity> {
  readonly #fidelity: Fidelity;
  readonly #declaredBy: string;
  readonly #problems: { discussion: string; message: string }[] = [];
  readonly #record: RunRecordFacts | null;
  readonly #heads: RunHeadTally;
  readonly #ends: LogEndTally;
  /** The run log that each discussion names; `null` if the counts will not be added to another tally. */
  readonly #named: [discussion: string, runLog: string | null][] | null;
  #discussions = 0;
  /** Why the rest of the current log is not checked. */
  #broken: string | null = null;

  /** Starts with no discussion. */
  constructor({ rules, declaration, source, record }: RunDeclaration, options: SeedOptions = {}) {
    this.#fidelity = new Fidelity(rules, {
      ...options,
      ...declaration === undefined ? {} : { declaration },
    });
    this.#named = options.isForAppending ? [] : null;
    this.#declaredBy = source;
    this.#record = record;
    this.#heads = new RunHeadTally(record?.log ?? { kind: "none" });
    this.#ends = new LogEndTally(record?.log.kind === "kept" ? record.log.ends : new Map());
  }

  add(envelope: Envelope): void {
    this.#ends.add(envelope);
    if (this.#broken !== null) return;
    try {
      this.#fidelity.add(envelope);
    } catch (error) {
      // A RangeError says that an event cannot follow the earlier events.
      if (!(error instanceof BrokenRule || error instanceof RangeError)) throw error;
      this.#broken = error.message;
    }
  }

  ended({ discussion, damage, slots }: ReadLog): void {
    if (slots !== null) this.#heads.add(discussion, slots.runLog);
    if (slots !== null) this.#named?.push([discussion, slots.runLog]);
    this.#ends.ended(discussion, damage !== null);
    const message = this.#broken ?? damage;
    if (message !== null) this.#problems.push({ discussion, message });
    this.#discussions++;
    this.#broken = null;
  }

  /** See {@linkcode Appendable}. */
  counted(): CountedRunFidelity {
    return {
      fidelity: this.#fidelity.counted(),
      discussions: this.#discussions,
      problems: this.#problems,
      heads: this.#named!,
      ends: this.#ends.counted(),
    };
  }

  /** See `drawsToCountAgain()` of {@linkcode Fidelity}. */
  drawsToCountAgain({ fidelity }: CountedRunFidelity, drawn: readonly SeedUse[]): readonly SeedUse[] {
    return this.#fidelity.drawsToCountAgain(fidelity, drawn);
  }

  /** See `fewDraws` of {@linkcode Fidelity}. */
  get fewDraws(): readonly SeedUse[] {
    return this.#fidelity.fewDraws;
  }

  /** See {@linkcode Appendable}. The counts must not repeat draws. */
  append({ fidelity, discussions, problems, heads, ends }: CountedRunFidelity): void {
    this.#fidelity.append(fidelity);
    this.#discussions += discussions;
    this.#problems.push(...problems);
    for (const [discussion, runLog] of heads) this.#heads.add(discussion, runLog);
    this.#ends.append(ends);
  }

  /** The checks of the logs read so far. @param tests `CHANCE_TESTS`. */
  found(tests: ChanceTests): RunFidelity {
    const heads = { ...this.#heads.found(), lost: this.#ends.found() };
    return {
      discussions: this.#discussions,
      checks: [
        ...this.#fidelity.results(tests),
        ...(this.#record === null ? [] : withVerdicts([recordFinding(this.#record, heads)])),
      ],
      problems: this.#problems,
      declaredBy: this.#declaredBy,
      notShown: notShown(this.#record?.log ?? { kind: "none" }, heads),
    };
  }
}
