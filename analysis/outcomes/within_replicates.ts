/**
 * Contrasts within replicates of matched conditions. Each replicate has one contrast. For one factor, it is the
 * difference between a level and the reference. For two factors, it is a difference of two differences, and so
 * on.
 */
import type { Contrast } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";
import type { Observation } from "./observation.ts";

/**
 * The fields that show which discussions are matched. Discussions with one seed share their draws, also if they belong to
 * different runs.
 */
export type Matchable = Pick<Observation, "factors" | "seed" | "imported">;

/**
 * The corner of each discussion in some contrasts. A corner is a combination of levels, as the bits of a
 * number: bit `i` is 1 at the level of contrast `i`, and 0 at its reference. `null` if the discussion is at any
 * other level of one of the factors.
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
 * Whether the corners of some contrasts are matched. They are if most discussions at the corners have the same
 * seed as discussions at every other corner. Imported discussions are never matched, because
 * their seeds are unknown.
 *
 * @param observations All discussions, even incomplete ones, because the plan decides which discussions are matched.
 */
export function isMatched(
  observations: readonly Matchable[],
  contrasts: readonly Contrast[],
  corners: Corners,
): boolean {
  let [matched, all] = [0, 0];
  for (const places of byReplicate(observations, corners).values()) {
    all += places.length;
    if (hasAllCorners(places, corners, contrasts)) matched += places.length;
  }
  all += corners.filter((corner, place) => corner !== null && observations[place]!.imported).length;
  return matched > all / 2;
}

/**
 * A replicate's contrast is `value` − `reference`. For one factor, these are the means at the level and at the
 * reference. For more factors, each is a sum of such means. Both are `null` for a replicate without values.
 */
export type Pair = readonly [value: number | null, reference: number | null];

/**
 * The contrasts of all replicates that have discussions at all corners. If other factors are crossed with the
 * contrasted factors, discussions with the same levels of these others form a cell. A replicate's contrast is
 * then the mean over the cells that have values at all corners. So only the contrasted factors make a
 * difference.
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
 * The replicate of each compared discussion, for use as a block; `null` if conditions are not matched. A
 * discussion is a replicate of its own if it was imported, or if no other discussion has its seed.
 *
 * @param all All discussions, even incomplete ones.
 * @param places The indices of the compared discussions.
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

/** Replicate → the indices of its discussions that are at a corner. Imported discussions are left out. */
function byReplicate(observations: readonly Matchable[], corners: Corners): Map<number, number[]> {
  const replicates = replicatesOf(observations);
  const places = [...corners.keys()].filter((place) =>
    corners[place] !== null && replicates[place] !== IMPORTED
  );
  return Map.groupBy(places, (place) => replicates[place]!);
}

const IMPORTED = -1;

/**
 * The number of each discussion's replicate, or {@linkcode IMPORTED}. They are kept, because every contrast
 * needs them.
 */
function replicatesOf(observations: readonly Matchable[]): Int32Array {
  const known = REPLICATES.get(observations);
  if (known !== undefined) return known;
  const numbers = new Map<string, number>();
  const replicates = Int32Array.from(observations, ({ seed, imported }) => {
    if (imported) return IMPORTED;
    const number = numbers.get(seed) ?? numbers.size;
    numbers.set(seed, number);
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

/** The cell of a discussion: its levels of all factors except those in `but`. */
function cellOf({ factors }: Matchable, but: ReadonlySet<string>): string {
  const others = Object.entries(factors).filter(([name]) => !but.has(name));
  return JSON.stringify(others.sort(([a], [b]) => a < b ? -1 : 1));
}

/** The sum of the means of the corners that have a plus sign in the contrast, and the same for a minus sign. */
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
