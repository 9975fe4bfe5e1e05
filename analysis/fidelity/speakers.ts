/** Checks that speakers follow the turn-taking rule. */
import {
  BrokenRule,
  guarded,
  type Rules,
  speakerDraw,
  turnTakingView,
} from "../../core/discussion/decide.ts";
import { type RuleOptions, ruleText } from "../../core/events/mod.ts";
import type { Entry } from "../projections/entries.ts";
import { strategyOf, type TurnTakingStrategy, type TurnTakingView } from "../../core/turn_taking/mod.ts";
import { addAll, type Appendable, type TallyOptions } from "../projections/appendable.ts";
import { Placings } from "./placings.ts";
import {
  ByCondition,
  Conformity,
  type CountedByCondition,
  type CountedCases,
  type CountedRate,
  type Grouped,
  type Mergeable,
  Rate,
  rateFinding,
} from "./tallies.ts";
import type { ChanceTests } from "./chance_tests.ts";
import { cannotTell, type Finding, notLoaded } from "./checks.ts";
import type { Checker, Watched } from "./declaration.ts";

type CountedSpeakers = Readonly<{ returns: CountedRate; talkativeness: CountedRate; placings: Float64Array }>;

class SpeakerTally implements Mergeable, Appendable<CountedSpeakers> {
  /** How often the second-to-last speaker has the next turn. */
  readonly returns: Rate;
  readonly talkativeness: Rate;
  readonly placings: Placings;

  constructor(options: TallyOptions) {
    this.returns = new Rate(options);
    this.talkativeness = new Rate(options);
    this.placings = new Placings(options);
  }

  counted(): CountedSpeakers {
    const { returns, talkativeness, placings } = this;
    return {
      returns: returns.counted(),
      talkativeness: talkativeness.counted(),
      placings: placings.counted(),
    };
  }

  append({ returns, talkativeness, placings }: CountedSpeakers): void {
    this.returns.append(returns);
    this.talkativeness.append(talkativeness);
    this.placings.append(placings);
  }

  merge(other: SpeakerTally): void {
    this.returns.merge(other.returns);
    this.talkativeness.merge(other.talkativeness);
    this.placings.merge(other.placings);
  }
}

/** The counts of a {@linkcode SpeakerChecker}. */
type CountedTurns = Readonly<{
  tallies: CountedByCondition<CountedSpeakers>;
  names: Readonly<Record<"unknown" | "unloaded" | "declared", ReadonlySet<string>>>;
  repeats: CountedCases;
  allowed: CountedCases;
  drawn: CountedCases;
}>;

/** Why nothing can be expected of the speakers if a strategy states no chances, or is not loaded. */
const NO_CHANCES = "the declared strategy does not say how likely each participant is to speak";

export class SpeakerChecker implements Checker<CountedTurns> {
  readonly #rules: Rules;
  readonly #tallies: ByCondition<SpeakerTally, CountedSpeakers>;
  readonly #unknown = new Set<string>();
  /** Strategies whose code is not loaded. */
  readonly #unloaded = new Set<string>();
  readonly #declared = new Set<string>();
  readonly #repeats = new Conformity();
  readonly #allowed = new Conformity();
  readonly #drawn = new Conformity();

  constructor(rules: Rules, options: TallyOptions) {
    this.#rules = rules;
    this.#tallies = new ByCondition(() => new SpeakerTally(options));
  }

  counted(): CountedTurns {
    return {
      tallies: this.#tallies.counted(),
      names: { unknown: this.#unknown, unloaded: this.#unloaded, declared: this.#declared },
      repeats: this.#repeats.counted(),
      allowed: this.#allowed.counted(),
      drawn: this.#drawn.counted(),
    };
  }

  append({ tallies, names, repeats, allowed, drawn }: CountedTurns): void {
    this.#tallies.append(tallies);
    addAll(this.#unknown, names.unknown);
    addAll(this.#unloaded, names.unloaded);
    addAll(this.#declared, names.declared);
    this.#repeats.append(repeats);
    this.#allowed.append(allowed);
    this.#drawn.append(drawn);
  }

  entry(discussion: Watched, entry: Entry): void {
    if (entry.kind !== "said" || entry.by !== "participant") return;
    const { state, design, logged } = discussion;
    const { author: participant, turn } = entry;
    const speaker = design.participants.findIndex(({ name }) => name === participant);
    // If the speaker is not a participant, `Watched.fold` throws an error for this event, right after these checks.
    if (speaker === -1) return;
    const where = () => `${participant} at turn ${turn} of ${logged.id}`;
    this.#declared.add(ruleText(design.turnTaking));
    const view = turnTakingView(state);
    const { name, options } = design.turnTaking;
    const strategy = strategyOf(design.turnTaking, this.#rules.strategies);
    if (logged.imported === undefined && strategy !== null) {
      const drawn = guarded(
        "turn-taking strategy",
        name,
        () => strategy.select(view, speakerDraw(state), options),
      );
      this.#drawn.add(drawn === speaker, where);
    }
    if (logged.imported === undefined && strategy === null) this.#unloaded.add(ruleText(design.turnTaking));
    const chances = strategy === null ? null : chancesOf(strategy, view, options);
    if (chances === null) {
      this.#unknown.add(ruleText(design.turnTaking));
      return;
    }
    const mayRepeat = view.last === null || chances[view.last]! > 0;
    if (!mayRepeat) this.#repeats.add(speaker !== view.last, where);
    if (mayRepeat || speaker !== view.last) this.#allowed.add(chances[speaker]! > 0, where);
    if (discussion.isFresh) this.#count(discussion, speaker, chances);
  }

  #count({ state, design }: Watched, speaker: number, chances: readonly number[]): void {
    const { participants } = turnTakingView(state);
    const declared = `${ruleText(design.turnTaking)} among ${participants.length}`;
    const tally = this.#tallies.of(design.condition, declared);
    const { last, secondToLast } = state;
    if (secondToLast !== null && secondToLast !== last) {
      tally.returns.addCase(speaker === secondToLast, chances[secondToLast]!);
    }
    tally.placings.add(speaker, chances);
    const weights = participants.map((participant) => participant.talkativeness);
    if (weights.some((weight) => weight !== weights[0])) {
      addWeight(tally.talkativeness, weights[speaker]!, { weights, chances });
    }
  }

  findings(shared: boolean, tests: ChanceTests): readonly Finding[] {
    const declared = [...this.#declared].join("; ");
    const without = (reason: string) => this.#unknown.size > 0 ? NO_CHANCES : reason;
    return [
      ...[...this.#unknown].flatMap((rule) =>
        ["respond rate", "speaker distribution"].map((check) => cannotTell(check, rule, NO_CHANCES))
      ),
      ...this.#tallies.grouped(shared).flatMap((group) => chanceFindings(group, tests)),
      this.#repeats.finding("never twice in a row", {
        declared,
        basis: "the last speaker does not have the next turn, if the strategy forbids it",
        none: without("the strategy has not forbidden any speaker yet"),
      }),
      this.#allowed.finding("speakers the rule allows", {
        declared,
        basis: "the rule gives each speaker a chance; repeated turns are not counted",
        none: without("there has been no turn"),
      }),
      this.#drawn.finding("speaker draws", {
        declared,
        basis: "the discussion's seed draws the same speaker",
        none: this.#unloaded.size > 0
          ? notLoaded(this.#unloaded)
          : "this program did not run the discussions",
      }),
    ];
  }
}

function chanceFindings(
  { condition, declared, tally }: Grouped<SpeakerTally>,
  tests: ChanceTests,
): readonly Finding[] {
  const { returns, talkativeness, placings } = tally;
  return [
    rateFinding("respond rate", {
      condition,
      declared,
      rate: returns,
      unit: "share",
      basis: "turns of the second-to-last speaker, among the turns at which they can come back",
    }, tests),
    placings.finding({ condition, declared }, tests),
    ...(talkativeness.of === 0 ? [] : [rateFinding("talkativeness of speakers", {
      condition,
      declared,
      rate: talkativeness,
      unit: "mean",
      basis: "the mean over the turns, given the chances of all participants",
    }, tests)]),
  ];
}

/**
 * Adds the speaker's talkativeness. The expected value is the participants' mean, weighted by their chances of
 * the turn.
 */
function addWeight(
  rate: Rate,
  weight: number,
  { weights, chances }: Readonly<{ weights: readonly number[]; chances: readonly number[] }>,
): void {
  const mean = chances.reduce((sum, chance, index) => sum + chance * weights[index]!, 0);
  const variance = chances.reduce((sum, chance, index) => sum + chance * (weights[index]! - mean) ** 2, 0);
  rate.addFigure(weight, mean, variance);
}

/** The sum of the chances may differ from 1 by this much, because of rounding. */
const SUM_TOLERANCE = 1e-9;

/**
 * Each participant's chance of the next turn, as the strategy states it.
 *
 * @returns Numbers in the participants' order, with the sum 1; `null` if the strategy does not state chances.
 * @throws {BrokenRule} When the strategy fails, or gives invalid chances.
 */
function chancesOf(
  strategy: TurnTakingStrategy,
  view: TurnTakingView,
  options: RuleOptions,
): readonly number[] | null {
  const { name } = strategy;
  const chances = guarded("turn-taking strategy", name, () => strategy.chances?.(view, options) ?? null);
  if (chances === null || areChances(chances, view.participants.length)) return chances;
  throw new BrokenRule(
    `Cannot use the turn-taking strategy "${name}": it gave the chances ${JSON.stringify(chances)}, ` +
      `expected ${view.participants.length} numbers from 0 to 1 that sum to 1`,
  );
}

function areChances(chances: readonly number[], length: number): boolean {
  return Array.isArray(chances) && chances.length === length && chances.every((chance) => chance >= 0) &&
    Math.abs(chances.reduce((sum, chance) => sum + chance, 0) - 1) <= SUM_TOLERANCE;
}
