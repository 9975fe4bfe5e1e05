/** Keeps equal parts of observations once, so that the observations of a large run need less memory. */
import type { Judgements, Observation, ObservedSlot } from "./observation.ts";

/** If there are more different parts, later ones are not shared: to remember a part takes more memory than the part. */
const PARTS_MAX = 100_000;

/** Makes a function that replaces parts of an observation by equal parts of earlier observations. */
export function sharingEqual(): (observation: Observation) => Observation {
  const parts = new Map<string, unknown>();
  const shared = <T>(part: T, key: string): T => {
    const known = parts.get(key);
    if (known !== undefined) return known as T;
    if (parts.size < PARTS_MAX) parts.set(key, part);
    return part;
  };
  const plain = <T>(part: T): T => shared(part, JSON.stringify(part));
  const figure = <T>(one: T): T => typeof one === "object" ? plain(one) : one;
  const slot = (one: ObservedSlot): ObservedSlot => shared(one, keyOf(one));
  const judgements = ({ scale, annotators, targets, ...others }: Judgements): Judgements => ({
    ...others,
    scale: plain(scale),
    annotators: plain(annotators),
    targets: plain(targets),
  });
  return (observation) => {
    const { conduct, texts } = observation;
    return {
      ...observation,
      condition: plain(observation.condition),
      factors: plain(observation.factors),
      varied: plain(observation.varied),
      slots: observation.slots.map(slot),
      conduct: {
        ...conduct,
        participationRate: figure(conduct.participationRate),
        evenness: figure(conduct.evenness),
        silenceRate: figure(conduct.silenceRate),
        interventionRate: figure(conduct.interventionRate),
        interventionsPerTurn: figure(conduct.interventionsPerTurn),
        respondRate: figure(conduct.respondRate),
      },
      texts: { ...texts, moderators: plain(texts.moderators) },
      judgements: observation.judgements.map(judgements),
    };
  };
}

function keyOf({ by, author, role, turn, comment, isPast, isCut, withheld }: ObservedSlot): string {
  return JSON.stringify([by, author, role, turn, comment, isPast, isCut, withheld]);
}
