/** What the conditions of a replicate share. */

/**
 * The draws that conditions can share. Each draw is one or more random streams of a replicate. They draw, in
 * this order: the personas and their seats, the model of each participant, the role of each participant, the
 * opening and its author, the levels of `design.vary`, the speaker of each turn, and the sampling seeds.
 */
export const DRAWS = ["personas", "models", "roles", "openings", "vary", "speakers", "sampling"] as const;

/** One of the draws that conditions can share. */
export type DrawName = typeof DRAWS[number];

/** What the conditions of a replicate share: all draws, none, or some. */
export type Matched = boolean | readonly DrawName[];

/** Reads the value of `design.matched`, which the schema checks. A list of all draws means the same as `true`. */
export function readMatched(written: unknown): Matched {
  if (!Array.isArray(written)) return written !== false;
  const names = DRAWS.filter((name) => written.includes(name));
  return names.length === DRAWS.length ? true : names;
}

export function isShared(matched: Matched, draw: DrawName): boolean {
  return typeof matched === "boolean" ? matched : matched.includes(draw);
}

/** The seed of a draw in a condition of a replicate. */
export type SeedOf = (draw: DrawName) => string;

/** The seeds of a discussion. If the conditions of a replicate share any draw, they have the same `seed`. */
export function seedsOf(
  { seed, matched }: Readonly<{ seed: string; matched: Matched }>,
  factors: Readonly<Record<string, string>>,
  replicate: number,
): Readonly<{ seed: string; seedOf: SeedOf }> {
  const shared = `${seed}/r${replicate}`;
  const own = `${shared}/${JSON.stringify(Object.entries(factors))}`;
  return {
    seed: matched === false ? own : shared,
    seedOf: (draw) => isShared(matched, draw) ? shared : own,
  };
}

const WORDS: Readonly<Record<DrawName, string>> = {
  personas: "personas",
  models: "participants' models",
  roles: "roles",
  openings: "openings",
  vary: "varied levels",
  speakers: "speakers",
  sampling: "sampling seeds",
};

/** The names of draws in a sentence. */
export function drawWords(draws: readonly DrawName[]): readonly string[] {
  return draws.map((name) => WORDS[name]);
}
