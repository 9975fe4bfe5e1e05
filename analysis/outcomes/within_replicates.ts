/**
 * Contrasts within replicates of matched conditions: one value for each replicate. For one factor it is the difference
 * between a level and the reference, for two factors a difference of differences, and so on.
 */
import type { Contrast } from "./effects.ts";
import { type ObservedFactor, RUN } from "./factors.ts";
import type { Observation } from "./observation.ts";

/** The fields that show which discussions are matched. */
export type Matchable = Pick<Observation, "run" | "factors" | "seed" | "imported">;

/**
 * The corner of each discussion in some contrasts: bit `i` is set if it is at the level of contrast `i`, and not set at the
 * reference; `null` if it is at another level of any factor.
 */
export type Corners = readonly (number | null)[];

export function cornersOf(contrasts: readonly Contrast[], factors: readonly ObservedFactor[]): Corners {
  const all = contrasts.map(({ factor, level, reference }) => {
    const { of } = factors.find(({ name }) => name === factor)!;
    return { of, level, reference };
  });
  const [first] = all;
  return (first?.of ?? []).map((_, place) => {
    let corner = 0;
    for (const [bit, { of, level, reference }] of all.entries()) {
      if (of[place] === level) corner |= 1 << bit;
      else if (of[place] !== reference) return null;
    }
    return corner;
  });
}

/**
 * Whether the corners of some contrasts are matched: most of their discussions share their seed with discussions at all
 * other corners in the same run. Imported discussions are never matched, because their seeds are unknown.
 *
 * @param observations All discussions, including incomplete ones, because the plan decides what is matched.
 */
export function isMatched(
  observations: readonly Matchable[],
  contrasts: readonly Contrast[],
  corners: Corners,
): boolean {
  if (contrasts.some(({ factor }) => factor === RUN)) return false;
  let [matched, all] = [0, 0];
  for (const places of byReplicate(observations, corners).values()) {
    all += places.length;
    if (hasAllCorners(places, corners, contrasts)) matched += places.length;
  }
  all += corners.filter((corner, place) => corner !== null && observations[place]!.imported).length;
  return matched > all / 2;
}

/** A replicate's sums of the corners that count positively and negatively; `null` for a replicate without values. */
export type Pair = readonly [value: number | null, reference: number | null];

/**
 * The contrasts of all replicates that have discussions at all corners. If further factors are crossed, a contrast is the
 * mean over the cells with values at all corners, so the corners differ only in the contrasted factors.
 *
 * @param values One value for each discussion.
 * @returns The contrasts as pairs, and the indices of the discussions that their values come from.
 */
export function contrastPairs(
  observations: readonly Matchable[],
  { contrasts, corners }: Readonly<{ contrasts: readonly Contrast[]; corners: Corners }>,
  values: readonly (number | null)[],
): Readonly<{ pairs: readonly Pair[]; used: readonly number[] }> {
  const pairs: Pair[] = [];
  const used: number[] = [];
  const names = new Set(contrasts.map(({ factor }) => factor));
  for (const places of byReplicate(observations, corners).values()) {
    if (!hasAllCorners(places, corners, contrasts)) continue;
    const valued = places.filter((place) => values[place] !== null);
    const whole = [...Map.groupBy(valued, (place) => cellOf(observations[place]!, names)).values()]
      .filter((cell) => hasAllCorners(cell, corners, contrasts));
    if (whole.length === 0) pairs.push([null, null]);
    else {
      const sides = whole.map((cell) => sumsOf(cell, corners, values, contrasts.length));
      pairs.push([meanOf(sides.map(([level]) => level)), meanOf(sides.map(([, reference]) => reference))]);
      used.push(...whole.flat());
    }
  }
  return { pairs, used };
}

/**
 * The replicate of each discussion, to use as a block: `null` if conditions are not matched. Discussions that share their
 * seed with no other one, and imported ones, are replicates of their own.
 *
 * @param all All discussions, including incomplete ones. `places` are the indices of the compared ones.
 */
export function blocksOf(
  all: readonly (Matchable & Pick<Observation, "condition">)[],
  places: readonly number[],
): readonly string[] | null {
  const everywhere = all.map(() => 0);
  const replicates = [...byReplicate(all, everywhere).values()];
  const matched = replicates.filter((members) =>
    new Set(members.map((place) => all[place]!.condition)).size > 1
  );
  if (2 * matched.flat().length <= all.length) return null;
  const blocks = new Map(replicates.flatMap((members, at) => members.map((place) => [place, `r${at}`])));
  return places.map((place) => blocks.get(place) ?? `d${place}`);
}

/** The indices of the discussions at any corner by replicate, without imported ones. */
function byReplicate(observations: readonly Matchable[], corners: Corners): Map<number, number[]> {
  const replicates = replicatesOf(observations);
  const places = [...corners.keys()].filter((place) =>
    corners[place] !== null && replicates[place] !== IMPORTED
  );
  return Map.groupBy(places, (place) => replicates[place]!);
}

const IMPORTED = -1;

/** The number of each discussion's replicate, or {@linkcode IMPORTED}. Every contrast of every outcome needs them. */
function replicatesOf(observations: readonly Matchable[]): Int32Array {
  const known = REPLICATES.get(observations);
  if (known !== undefined) return known;
  const numbers = new Map<string, number>();
  const replicates = Int32Array.from(observations, ({ run, seed, imported }) => {
    if (imported) return IMPORTED;
    const key = JSON.stringify([run, seed]);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  REPLICATES.set(observations, replicates);
  return replicates;
}

const REPLICATES = new WeakMap<readonly Matchable[], Int32Array>();

function hasAllCorners(
  places: readonly number[],
  corners: Corners,
  contrasts: readonly Contrast[],
): boolean {
  return new Set(places.map((place) => corners[place])).size === 2 ** contrasts.length;
}

/** A discussion's levels of all factors except some. */
function cellOf({ factors }: Matchable, but: ReadonlySet<string>): string {
  const others = Object.entries(factors).filter(([name]) => !but.has(name));
  return JSON.stringify(others.sort(([a], [b]) => a < b ? -1 : 1));
}

/** The sums of the corners' means: of those with a positive and with a negative sign in the contrast. */
function sumsOf(
  cell: readonly number[],
  corners: Corners,
  values: readonly (number | null)[],
  factors: number,
): [level: number, reference: number] {
  const sums: [number, number] = [0, 0];
  for (const [corner, members] of Map.groupBy(cell, (place) => corners[place]!)) {
    const referencesIn = factors - [...corner.toString(2)].filter((bit) => bit === "1").length;
    sums[referencesIn % 2]! += meanOf(members.map((place) => values[place]!));
  }
  return sums;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
