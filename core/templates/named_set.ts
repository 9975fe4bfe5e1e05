/** Template sets as logs name them. */
import type { NamedTemplates, TemplateSet } from "../events/template_set.ts";
import { canonical } from "../json.ts";
import { portableSha256 } from "../sha256.ts";
import { BUILT_IN_SETS } from "./built_in_sets.ts";
import { defaultSet } from "./default_set.ts";
import { dialogueSet } from "./dialogue_set.ts";

/** The sets that need no name in logs: the prompts of version 1 are written with them. */
const UNNAMED: readonly TemplateSet[] = [defaultSet, dialogueSet];

/** The newest built-in set with this name; `undefined` if there is none. */
export function builtInSet(name: string): TemplateSet | undefined {
  return BUILT_IN_SETS.findLast((set) => set.name === name);
}

const hashes = new WeakMap<TemplateSet, string>();

/** SHA-256 (hex) of a set in canonical form. Each set is hashed once, because prompts look up sets by their hashes. */
export function templatesHash(set: TemplateSet): string {
  const hash = hashes.get(set) ?? portableSha256(canonical(set));
  hashes.set(set, hash);
  return hash;
}

/** A set as the log of a new discussion names it; `undefined` if the log needs no name for it. */
export function namedTemplates(set: TemplateSet): NamedTemplates | undefined {
  if (UNNAMED.includes(set)) return undefined;
  const named = { name: set.name, sha256: templatesHash(set) };
  return BUILT_IN_SETS.includes(set) ? named : { ...named, texts: set };
}

/** The set that a log names. @throws {RangeError} When this program does not have it. */
export function setNamed({ name, sha256, texts }: NamedTemplates): TemplateSet {
  const set = texts ?? BUILT_IN_SETS.find((set) => set.name === name && templatesHash(set) === sha256);
  if (set !== undefined) return set;
  throw new RangeError(
    `Cannot render prompts with the template set "${name}": this program has no version of it with the hash ` +
      `${sha256}. Use the version of SynDisco that wrote the log, or a newer one`,
  );
}
