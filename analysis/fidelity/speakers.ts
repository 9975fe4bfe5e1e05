/** Who spoke: the respond rate, who was chosen how often, and what the strategy rules out. */
import { guarded, type Rules } from "../../core/discussion/decide.ts";
import { speakerDraw, turnTakingView } from "../../core/discussion/views.ts";
import { ruleText } from "../../core/events/mod.ts";
import type { Entry } from "../projections/entries.ts";
import { strategyOf } from "../../core/turn_taking/mod.ts";
import { ByCondition, type Grouped, type Mergeable } from "./by_condition.ts";
import { chancesOf } from "./chances_of.ts";
import { cannotTell, type Finding } from "./check.ts";
import { Conformity } from "./conformity.ts";
import { Placings } from "./placings.ts";
import { Rate, rateFinding } from "./rate.ts";
import { notLoaded } from "./rule_text.ts";
import type { Checker, Watched } from "./watched.ts";

class SpeakerTally implements Mergeable {
  /** Turns at which the second-to-last speaker could come back. */
  readonly returns = new Rate();
  /** The talkativeness of whoever spoke. */
  readonly talkativeness = new Rate();
  readonly placings = new Placings();

  merge(other: SpeakerTally): void {
    this.returns.merge(other.returns);
    this.talkativeness.merge(other.talkativeness);
    this.placings.merge(other.placings);
  }
}

/** Checks who had the turns. */
export class SpeakerChecker implements Checker {
  readonly #rules: Rules;
  readonly #tallies = new ByCondition(() => new SpeakerTally());
  readonly #unknown = new Set<string>();
  /** Strategies that are not at hand. */
  readonly #unloaded = new Set<string>();
  readonly #declared = new Set<string>();
  readonly #repeats = new Conformity();
  readonly #allowed = new Conformity();
  readonly #drawn = new Conformity();

  /** @param rules The strategies by name. */
  constructor(rules: Rules) {
    this.#rules = rules;
  }

  entry(discussion: Watched, entry: Entry): void {
    if (entry.kind !== "said" || entry.by !== "participant") return;
    const { state, design, logged } = discussion;
    const { author: participant, turn } = entry;
    const speaker = design.participants.findIndex(({ name }) => name === participant);
    // Who takes no part cannot have had a turn: the fold says so.
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

  findings(shared: boolean): readonly Finding[] {
    const declared = [...this.#declared].join("; ");
    return [
      ...[...this.#unknown].flatMap((rule) =>
        ["respond rate", "speaker distribution"].map((check) =>
          cannotTell(
            check,
            rule,
            "the declared strategy does not say how likely each participant is to speak",
          )
        )
      ),
      ...this.#tallies.grouped(shared).flatMap((group) => chanceFindings(group)),
      this.#repeats.finding("never twice in a row", {
        declared,
        basis: "the last speaker does not have the next turn, where the strategy rules that out",
        none: this.#unknown.size > 0
          ? "no declared strategy rules it out"
          : "there has been no turn at which the strategy rules it out",
      }),
      this.#allowed.finding("speakers the rule allows", {
        declared,
        basis: "the rule gives some chance to whoever speaks, repeated turns aside",
        none: this.#unknown.size > 0
          ? "the declared strategy does not say who may speak"
          : "there has been no turn",
      }),
      this.#drawn.finding("speaker draws", {
        declared,
        basis: "the speaker is the one whom the discussion's seed draws",
        none: this.#unloaded.size > 0
          ? notLoaded(this.#unloaded)
          : "the discussions were not held by this program",
      }),
    ];
  }
}

function chanceFindings({ condition, declared, tally }: Grouped<SpeakerTally>): readonly Finding[] {
  const { returns, talkativeness, placings } = tally;
  return [
    rateFinding("respond rate", {
      condition,
      declared,
      rate: returns,
      unit: "share",
      basis: "the second-to-last speaker comes back; over the turns at which that is possible",
    }),
    placings.finding({ condition, declared }),
    ...(talkativeness.of === 0 ? [] : [rateFinding("talkativeness of speakers", {
      condition,
      declared,
      rate: talkativeness,
      unit: "mean",
      basis: "the mean over the turns, given who could speak",
    })]),
  ];
}

/** Adds a speaker's weight, expected to be the mean of all weights by their chances. */
function addWeight(
  rate: Rate,
  weight: number,
  { weights, chances }: Readonly<{ weights: readonly number[]; chances: readonly number[] }>,
): void {
  const mean = chances.reduce((sum, chance, index) => sum + chance * weights[index]!, 0);
  const variance = chances.reduce((sum, chance, index) => sum + chance * (weights[index]! - mean) ** 2, 0);
  rate.addFigure(weight, mean, variance);
}
