/** The nodes of a YAML text: their merges, their positions, and the scalars that are kept as texts. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  Scalar,
  visit,
} from "npm:yaml@2.9.1";
import { losesDigits, printsAs } from "../json.ts";

/** Alias → the node that it repeats; `undefined` if no anchor with its name comes before the alias. */
type AliasTargets = ReadonlyMap<unknown, Node | undefined>;

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

type UnsoundNode = Readonly<{ node: unknown; message: string }>;

const MERGES_NO_MAPPING =
  "<< merges mappings: expected a mapping, an alias of a mapping (*name), or a list of these";
const MERGES_ITSELF = "<< merges a mapping into itself";

/** Finds the nodes that make a text invalid: aliases without an anchor, and wrong merges. */
export function unsoundNodes(document: Document, targets: AliasTargets): readonly UnsoundNode[] {
  const unknown = [...targets].filter(([, target]) => target === undefined).map(([node]) => node);
  if (unknown.length > 0) {
    return unknown.map((node) => ({ node, message: "this alias has no anchor (&name) before it" }));
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

/** `<<` without quotes. */
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

/** Finds the child under a key or an index. Follows aliases and merges. */
export function childOf(parent: unknown, step: string | number, targets: AliasTargets): Child | undefined {
  const node = resolved(parent, targets);
  if (isMap(node)) {
    // If a key is repeated, the last value counts.
    const own = node.items.findLast(({ key }) =>
      isScalar(key) && !isMergeKey(key) && key.value === String(step)
    );
    if (own !== undefined) return own;
    // If several merged mappings have the key, the first mapping counts.
    const merges = node.items.filter(({ key }) => isMergeKey(key));
    for (const source of merges.flatMap(({ value }) => sourcesOf(value, targets))) {
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

export function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** A key for personas, alone or as a part of a factor's path. */
const ABOUT_PERSONAS = /(?:^|\.)personas?(?:\.|$)/;

/** A number that programs read in different ways: `010` is 8 or 10. */
const READ_IN_TWO_WAYS = /^[-+]?0[\dox]/i;

/**
 * Keeps some scalars as texts. In personas, and in factors that vary personas, these are all scalars whose
 * value would print differently, such as `1.10` and `True`, because prompts show them. Everywhere else, these
 * are only numbers that would lose digits, and numbers that can be read in two ways.
 */
export function keepWords(
  document: Document,
  { targets, isAboutPersonas }: Readonly<{ targets: AliasTargets; isAboutPersonas: boolean }>,
): void {
  const seen = new Set<unknown>();
  const keep = (node: unknown, aboutPersonas: boolean): void => {
    if (aboutPersonas) {
      if (seen.has(node)) return;
      seen.add(node);
    }
    if (isAlias(node)) {
      if (aboutPersonas) keep(targets.get(node), true);
    } else if (isMap(node)) {
      for (const { key, value } of node.items) {
        const word = isScalar(key) && typeof key.value === "string" ? key.value : "";
        keep(value, aboutPersonas || ABOUT_PERSONAS.test(word));
      }
    } else if (isSeq(node)) {
      for (const item of node.items) keep(item, aboutPersonas);
    } else if (isScalar(node) && isChanged(node, aboutPersonas)) {
      node.value = node.source;
    }
  };
  keep(document.contents, isAboutPersonas);
}

function isChanged({ type, tag, value, source }: Scalar, aboutPersonas: boolean): boolean {
  if (type !== Scalar.PLAIN || tag !== undefined || source === undefined || typeof value === "string") {
    return false;
  }
  if (typeof value === "number" && (READ_IN_TWO_WAYS.test(source) || isCut(source, value))) return true;
  return aboutPersonas && !(value === null && /^~?$/.test(source)) && !printsAs(source, value);
}

/** `.inf` and `.nan` are numbers without digits. */
function isCut(source: string, value: number): boolean {
  return /\d/.test(source) && losesDigits(source, value);
}
