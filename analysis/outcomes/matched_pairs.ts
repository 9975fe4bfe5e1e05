/** Matched designs: which discussions are each other's counterparts, and their values in pairs. */
import { RUN } from "./factors.ts";
import type { Observation } from "./observation.ts";

/** What says which discussions belong together. */
export type Matchable = Pick<Observation, "run" | "factors" | "seed" | "imported">;

/** A pair's values, as `pairedDifference` takes them; `null` where one lacks its own. */
export type Pair = readonly [value: number | null, reference: number | null];

/** A discussion's place among the observations, and its value there. */
type Member = Readonly<{ place: number; value: number | null }>;

/**
 * Whether discussions of two levels are matched: whether most of them share their seed with one of the other level in
 * their run. Imported ones are not, since nobody knows their seeds.
 *
 * @param observations The discussions, those that did not come to their end too: what was planned counts.
 * @param factor The factor's name.
 * @param sides The level of each discussion: the one, its reference, or `null` for neither.
 * @returns Whether a paired difference answers what the design asks.
 */
export function isMatched(
  observations: readonly Matchable[],
  factor: string,
  sides: readonly ("level" | "reference" | null)[],
): boolean {
  if (factor === RUN) return false;
  let [matched, all] = [0, 0];
  for (const places of bySeed(observations, sides).values()) {
    all += places.length;
    if (new Set(places.map((place) => sides[place])).size === 2) matched += places.length;
  }
  all += sides.filter((side, place) => side !== null && observations[place]!.imported).length;
  return matched > all / 2;
}

/**
 * The pairs of two levels: one for every seed of a run that both levels have. Where further factors are crossed, a pair
 * is the mean over the cells of these factors that have values at both levels, so that its two sides differ in nothing
 * but the level.
 *
 * @param observations The discussions.
 * @param factor The factor's name.
 * @param sides The level of each discussion: the one, its reference, or `null` for neither.
 * @param values The value of each discussion; `null` where it has none.
 * @returns The pairs, and the places of the discussions whose values they hold.
 */
export function pairsOf(
  observations: readonly Matchable[],
  factor: string,
  sides: readonly ("level" | "reference" | null)[],
  values: readonly (number | null)[],
): Readonly<{ pairs: readonly Pair[]; used: readonly number[] }> {
  const pairs: Pair[] = [];
  const used: number[] = [];
  for (const places of bySeed(observations, sides).values()) {
    if (new Set(places.map((place) => sides[place])).size < 2) continue;
    const members = places.map((place): Member => ({ place, value: values[place]! }));
    const whole = [...Map.groupBy(members, ({ place }) => cellOf(observations[place]!, factor)).values()]
      .map((cell) => sidesOf(cell, sides))
      .filter(({ level, reference }) => level.length > 0 && reference.length > 0);
    if (whole.length === 0) pairs.push([null, null]);
    else {
      pairs.push([
        meanOfMeans(whole.map(({ level }) => level)),
        meanOfMeans(whole.map((cell) => cell.reference)),
      ]);
      used.push(
        ...whole.flatMap(({ level, reference }) => [...level, ...reference].map(({ place }) => place)),
      );
    }
  }
  return { pairs, used };
}

/** The places of the native discussions at either level, by run and seed. */
function bySeed(
  observations: readonly Matchable[],
  sides: readonly ("level" | "reference" | null)[],
): Map<string, number[]> {
  const places = [...sides.keys()].filter((place) => sides[place] !== null && !observations[place]!.imported);
  return Map.groupBy(places, (place) => {
    const { run, seed } = observations[place]!;
    return JSON.stringify([run, seed]);
  });
}

/** What a discussion has of all factors but one. */
function cellOf({ factors }: Matchable, but: string): string {
  const others = Object.entries(factors).filter(([name]) => name !== but);
  return JSON.stringify(others.sort(([a], [b]) => a < b ? -1 : 1));
}

type Valued = Readonly<{ place: number; value: number }>;

function sidesOf(
  cell: readonly Member[],
  sides: readonly ("level" | "reference" | null)[],
): Readonly<{ level: readonly Valued[]; reference: readonly Valued[] }> {
  const valued = cell.filter((member): member is Valued => member.value !== null);
  return {
    level: valued.filter(({ place }) => sides[place] === "level"),
    reference: valued.filter(({ place }) => sides[place] === "reference"),
  };
}

function meanOfMeans(cells: readonly (readonly Valued[])[]): number {
  const means = cells.map((cell) => cell.reduce((sum, { value }) => sum + value, 0) / cell.length);
  return means.reduce((sum, value) => sum + value, 0) / means.length;
}
