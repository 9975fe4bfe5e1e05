/** Template sets as logs name them. */
import type { NamedTemplates, TemplateSet } from "../events/template_set.ts";
import { canonical } from "../json.ts";
import { portableSha256 } from "../sha256.ts";
import { BUILT_IN_SETS } from "./built_in_sets.ts";
import { defaultSet } from "./default_set.ts";
import { dialogueSet } from "./dialogue_set.ts";

/** The sets that are not named in logs. Prompts of version 1 use one of them if the log names no set. */
const UNNAMED: readonly TemplateSet[] = [defaultSet, dialogueSet];

/** The newest built-in set with this name; `undefined` if there is none. */
export function builtInSet(name: string): TemplateSet | undefined {
  return BUILT_IN_SETS.findLast((set) => set.name === name);
}

const hashes = new WeakMap<TemplateSet, string>();

/** SHA-256 (hex) of a set in canonical form. The hash of a set is cached, because each prompt needs it. */
export function templatesHash(set: TemplateSet): string {
  const hash = hashes.get(set) ?? portableSha256(canonical(set));
  hashes.set(set, hash);
  return hash;
}

/**
 * A set in the form in which the log of a new discussion names it; `undefined` if the log does not name it.
 */
export function namedTemplates(set: TemplateSet): NamedTemplates | undefined {
  if (UNNAMED.includes(set)) return undefined;
  const named = { name: set.name, sha256: templatesHash(set) };
  return BUILT_IN_SETS.includes(set) ? named : { ...named, texts: set };
}

/**
 * The set that a log names.
 *
 * @throws {RangeError} When this program does not have it.
 */
export function setNamed({ name, sha256, texts }: NamedTemplates): TemplateSet {
  const set = texts ?? BUILT_IN_SETS.find((set) => set.name === name && templatesHash(set) === sha256);
  if (set !== undefined) return set;
  throw new RangeError(
    `Cannot render prompts with the template set "${name}": this program has no version of it with the hash ` +
      `${sha256}. Use the version of SynDisco that wrote the log, or a newer one`,
  );
}
