/** The nodes of a YAML text: what they merge, where they stand, and which of them are kept as they are written. */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, Scalar, visit } from "yaml";
import { losesDigits, printsAs } from "../json.ts";

/** What the aliases of a text stand for; `undefined` for those that no anchor stands before. */
export type AliasTargets = ReadonlyMap<unknown, Node | undefined>;

/** Finds what aliases stand for. */
export function aliasTargets(document: Document): AliasTargets {
  const anchored = new Map<string, Node>();
  const targets = new Map<unknown, Node | undefined>();
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) targets.set(node, anchored.get(node.source));
      else if (node.anchor !== undefined) anchored.set(node.anchor, node);
    },
  });
  return targets;
}

/** A node that has no value, and why. */
export type UnsoundNode = Readonly<{ node: unknown; message: string }>;

const MERGES_NO_MAPPING =
  "<< merges mappings: expected a mapping, an alias of one (*name), or a list of those";
const MERGES_ITSELF = "<< merges a mapping into itself";

/** What keeps a text that was parsed from having a value: aliases of nothing, and merges of what is no mapping. */
export function unsoundNodes(document: Document, targets: AliasTargets): readonly UnsoundNode[] {
  const unknown = [...targets].filter(([, target]) => target === undefined).map(([node]) => node);
  if (unknown.length > 0) {
    return unknown.map((node) => ({ node, message: "no anchor (&name) of this alias stands before it" }));
  }
  const found: UnsoundNode[] = [];
  visit(document, {
    Pair(_, { key, value }, parents) {
      if (!isMergeKey(key)) return;
      const sources = sourcesOf(value, targets);
      if (!sources.every(isMap)) found.push({ node: value ?? key, message: MERGES_NO_MAPPING });
      else if (sources.some((source) => parents.includes(source))) {
        found.push({ node: value, message: MERGES_ITSELF });
      }
    },
  });
  return found;
}

/** `<<`, but for one in quotes. */
function isMergeKey(key: unknown): boolean {
  if (!isScalar(key) || (key.type ?? Scalar.PLAIN) !== Scalar.PLAIN) return false;
  const { value } = key;
  return (typeof value === "symbol" ? value.description : value) === "<<";
}

function sourcesOf(value: unknown, targets: AliasTargets): readonly unknown[] {
  const source = resolved(value, targets);
  return isSeq(source) ? source.items.map((item) => resolved(item, targets)) : [source];
}

function resolved(node: unknown, targets: AliasTargets): unknown {
  return isAlias(node) ? targets.get(node) : node;
}

type Child = Readonly<{ key: unknown; value: unknown }>;

/**
 * What stands under a key or an index of a node, also where the key was merged into it.
 *
 * @param parent The node, or an alias of it.
 * @param step The key, or the index.
 * @param targets What aliases stand for.
 */
export function childOf(parent: unknown, step: string | number, targets: AliasTargets): Child | undefined {
  const node = resolved(parent, targets);
  if (isMap(node)) {
    // The value of a repeated key is its last one's.
    const own = node.items.findLast(({ key }) =>
      isScalar(key) && !isMergeKey(key) && key.value === String(step)
    );
    if (own !== undefined) return own;
    // Of keys that several mappings have, the first one's counts.
    for (
      const source of node.items.filter(({ key }) => isMergeKey(key)).flatMap(({ value }) =>
        sourcesOf(value, targets)
      )
    ) {
      const merged = childOf(source, step, targets);
      if (merged !== undefined) return merged;
    }
  }
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { key: value, value };
  }
  return undefined;
}

/** Where a node begins; `undefined` for what is not there. */
export function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** A key under which a file says something about somebody, alone or as a part of a factor's path. */
const ABOUT_SOMEBODY = /(?:^|\.)personas?(?:\.|$)/;

/** A number that is one thing to one program and another to the next: `010` is 8 or 10. */
const READ_IN_TWO_WAYS = /^[-+]?0[\dox]/i;

/**
 * Makes texts of plain scalars that would not be written again as they stand in the file. Under `persona` and
 * `personas`, and in factors over parts of them, that holds for all, since prompts show their words: `1.10`, `True`.
 * Elsewhere it holds for numbers that would lose digits and for those that can be read in two ways; a setting that
 * needs a number then refuses the text.
 *
 * @param document What was parsed; its scalars change.
 * @param options What aliases stand for, and whether all of it says something about somebody.
 */
export function keepWords(
  document: Document,
  { targets, isAboutSomebody }: Readonly<{ targets: AliasTargets; isAboutSomebody: boolean }>,
): void {
  const seen = new Set<unknown>();
  const keep = (node: unknown, aboutSomebody: boolean): void => {
    if (aboutSomebody) {
      if (seen.has(node)) return;
      seen.add(node);
    }
    if (isAlias(node)) {
      if (aboutSomebody) keep(targets.get(node), true);
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        const word = isScalar(key) && typeof key.value === "string" ? key.value : "";
        keep(value, aboutSomebody || ABOUT_SOMEBODY.test(word));
      }
    } else if (isSeq(node)) {
      for (const item of node.items) keep(item, aboutSomebody);
    } else if (isScalar(node) && isChanged(node, aboutSomebody)) {
      node.value = node.source;
    }
  };
  keep(document.contents, isAboutSomebody);
}

function isChanged({ type, tag, value, source }: Scalar, aboutSomebody: boolean): boolean {
  if (type !== Scalar.PLAIN || tag !== undefined || source === undefined || typeof value === "string") {
    return false;
  }
  if (typeof value === "number" && (READ_IN_TWO_WAYS.test(source) || isCut(source, value))) return true;
  return aboutSomebody && !(value === null && /^~?$/.test(source)) && !printsAs(source, value);
}

/** `.inf` and `.nan` are numbers without digits. */
function isCut(source: string, value: number): boolean {
  return /\d/.test(source) && losesDigits(source, value);
}
