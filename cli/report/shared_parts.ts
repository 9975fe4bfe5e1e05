/** Keeps the observations of many discussions in little memory. */
import type { Observation } from "../../analysis/outcomes/observation.ts";
import type { TextFigures, TextMeasures } from "../../analysis/texts/text_measures.ts";

/** At most this many different parts are kept for sharing; then new ones are collected. */
const PARTS_MAX = 20_000;

/**
 * Lets observations share their equal parts, such as slots, conditions and reasons: each part is one object in memory. An
 * observation with shared parts is equal to the original.
 */
export class SharedParts {
  readonly #texts = new Map<string, unknown>();
  readonly #parts = new Map<string, unknown>();

  /** The observation with shared parts. */
  observation(one: Observation): Observation {
    const { conduct, texts, judgements } = one;
    return {
      ...one,
      run: this.#one(one.run),
      condition: this.#one(one.condition),
      factors: this.#one(one.factors),
      varied: this.#one(one.varied),
      end: this.#one(one.end),
      slots: this.#each(one.slots),
      conduct: {
        ...conduct,
        participants: conduct.participants.map((each) => ({ ...each, name: this.#one(each.name) })),
        structure: this.#one(conduct.structure),
        participationRate: this.#one(conduct.participationRate),
        evenness: this.#one(conduct.evenness),
        silenceRate: this.#one(conduct.silenceRate),
        interventionRate: this.#one(conduct.interventionRate),
        interventionsPerTurn: this.#one(conduct.interventionsPerTurn),
        respondRate: this.#one(conduct.respondRate),
      },
      texts: this.#measures(texts),
      judgements: judgements.map((judgement) => ({
        ...judgement,
        pass: this.#one(judgement.pass),
        scale: this.#one(judgement.scale),
        annotators: this.#one(judgement.annotators),
        targets: this.#one(judgement.targets),
      })),
    };
  }

  #measures({ participants, moderators, all }: TextMeasures): TextMeasures {
    return {
      participants: this.#figures(participants),
      moderators: this.#figures(moderators),
      all: this.#figures(all),
    };
  }

  #figures({ diversity, wordsCompared, distinct2 }: TextFigures): TextFigures {
    const figures = { diversity: this.#one(diversity), wordsCompared, distinct2: this.#one(distinct2) };
    return typeof diversity === "number" ? figures : this.#one(figures);
  }

  #each<T>(parts: readonly T[]): readonly T[] {
    return parts.map((part) => this.#one(part));
  }

  /** The first part that is equal to this one. A number takes no memory worth sharing. */
  #one<T>(part: T): T {
    if (typeof part === "number" || part === null) return part;
    const [parts, key] = typeof part === "string"
      ? [this.#texts, part] as const
      : [this.#parts, JSON.stringify(part)] as const;
    const known = parts.get(key);
    if (known !== undefined) return known as T;
    if (parts.size >= PARTS_MAX) parts.clear();
    parts.set(key, part);
    return part;
  }
}
