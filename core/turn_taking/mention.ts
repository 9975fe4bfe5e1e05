/** `mention`: whoever was addressed answers. */
import type { Json } from "../json.ts";
import { chancesAmong } from "./others.ts";
import { random } from "./random.ts";
import type { RuleOptions } from "../events/mod.ts";
import type { TurnTakingStrategy, TurnTakingView } from "./strategy.ts";

/**
 * Whoever the last comment addresses first as `@name` answers, whatever the case of the letters; when it addresses
 * nobody, or only its own author or the last speaker, the strategy under `fallback` decides.
 *
 * @param strategies Looks up the fallback; it can be any strategy but this one.
 * @returns The strategy.
 */
export function mention(strategies: (name: string) => TurnTakingStrategy | undefined): TurnTakingStrategy {
  return {
    name: "mention",
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
    needs: (options) => [fallbackOf(options).name],
    check(options) {
      const { name, options: inner } = fallbackOf(options);
      if (name === "mention") return ['"mention" cannot fall back to itself'];
      const strategy = strategies(name);
      if (strategy === undefined) return [`the fallback "${name}" is not a turn-taking strategy`];
      return strategy.check?.(inner) ?? [];
    },
  };
}

function fallbackOf(options: RuleOptions): { name: string; options: RuleOptions } {
  const fallback = options.fallback as { name?: Json; options?: RuleOptions } | undefined;
  return typeof fallback?.name === "string"
    ? { name: fallback.name, options: fallback.options ?? {} }
    : { name: random.name, options: {} };
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

/** The same letters are the same name, in either case, composed or not. */
function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

const PART_OF_A_NAME = /^[\p{L}\p{M}\p{N}_]/u;

/** Names by their beginnings, so that what stands at a mark is compared with all of them at once. */
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

/** Of names that start alike, the longest that fits is the one that is meant: `@Ann Lee` is not `@Ann`. */
function longestNameAt(text: string, at: number, names: NamesTree): number | null {
  let longest: number | null = null;
  let node: NamesTree | undefined = names;
  for (let end = at; node !== undefined; node = node.next.get(text[end++]!)) {
    if (node.index !== null && !PART_OF_A_NAME.test(text.slice(end, end + 2))) longest = node.index;
  }
  return longest;
}
