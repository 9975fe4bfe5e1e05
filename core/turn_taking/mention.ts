/** `mention`: the participant whom the last comment addresses speaks next. */
import { z } from "../zod.ts";
import type { RuleOptions, RuleSpec } from "../events/mod.ts";
import { random } from "./random.ts";
import { chancesAmong, speakerClause, type TurnTakingStrategy, type TurnTakingView } from "./strategy.ts";

/**
 * The next speaker is the participant whom the last comment addresses first as `@name`. Upper and lower case
 * do not matter. The comment's author and the last speaker are skipped. If no participant is left, the
 * strategy under `fallback` decides.
 *
 * @param strategies Finds the fallback by its name. `mention` cannot be its own fallback.
 */
export function mention(strategies: (name: string) => TurnTakingStrategy | undefined): TurnTakingStrategy {
  return {
    name: "mention",
    options: z.strictObject({
      fallback: z.unknown().optional()
        .describe("The strategy when no participant is addressed; random when left out"),
    }),
    strategyOptions: ["fallback"],
    select(view, draw, options) {
      const addressed = firstMention(view);
      if (addressed !== null) return addressed;
      const fallback = fallbackOf(options);
      return (strategies(fallback.name) ?? random).select(view, draw, fallback.options);
    },
    chances(view, options) {
      const addressed = firstMention(view);
      if (addressed !== null) return chancesAmong(view, [addressed]);
      const fallback = fallbackOf(options);
      return strategies(fallback.name)?.chances?.(view, fallback.options) ?? null;
    },
    clause(options) {
      const fallback = fallbackOf(options);
      return "the participant whom the last comment had addressed by @name spoke next; " +
        `where it had addressed no one, ${speakerClause(fallback, strategies(fallback.name))}`;
    },
    needs: (options) => [fallbackOf(options).name],
  };
}

function fallbackOf({ fallback }: RuleOptions): RuleSpec {
  const { name, options = {} } = (fallback ?? {}) as Partial<RuleSpec>;
  return name === undefined ? { name: random.name, options: {} } : { name, options };
}

function firstMention({ participants, last, lastComment }: TurnTakingView): number | null {
  if (lastComment === null || !lastComment.text.includes("@")) return null;
  const text = folded(lastComment.text);
  const names = namesTree(participants.map(({ name }) => folded(name)));
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const index = longestNameAt(text, at + 1, names);
    if (index !== null && index !== last && participants[index]!.name !== lastComment.author) return index;
  }
  return null;
}

/** Folds a name. Two names have the same result if they differ only in case or in the encoding of accents. */
function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

const PART_OF_A_NAME = /^[\p{L}\p{M}\p{N}_]/u;

/**
 * The names as a tree of letters. With it, the text after an "@" is compared with all names at the same time.
 */
type NamesTree = { index: number | null; next: Map<string, NamesTree> };

function namesTree(names: readonly string[]): NamesTree {
  const tree: NamesTree = { index: null, next: new Map() };
  for (const [index, name] of names.entries()) {
    let node = tree;
    for (let at = 0; at < name.length; at++) {
      const longer = node.next.get(name[at]!) ?? { index: null, next: new Map() };
      node.next.set(name[at]!, longer);
      node = longer;
    }
    node.index ??= index;
  }
  return tree;
}

/** Index of the longest name at a position of the text: `@Ann Lee` addresses Ann Lee, and not Ann. */
function longestNameAt(text: string, at: number, names: NamesTree): number | null {
  let longest: number | null = null;
  let node: NamesTree | undefined = names;
  for (let end = at; node !== undefined; node = node.next.get(text[end++]!)) {
    if (node.index !== null && !PART_OF_A_NAME.test(text.slice(end, end + 2))) longest = node.index;
  }
  return longest;
}
