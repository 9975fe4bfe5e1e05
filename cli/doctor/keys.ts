/** Keeps keys out of the output. Servers can repeat a key in an error or a reply. */
import { canonical } from "../../core/json.ts";
import type { ModelSetup } from "../../core/experiment/mod.ts";

const NAME_OF_KEY = /(?:KEY|TOKEN|SECRET|PASSWORD)$/i;

/** A shorter value, in characters, is not replaced, because it could be a part of any word. */
const KEY_LENGTH_MIN = 6;

/**
 * Makes a function that replaces the keys in a text. A key is the value of an environment variable that a
 * model's entry names, or whose name looks like the name of a key.
 */
export function keyRemover(
  setups: readonly Pick<ModelSetup, "options" | "service">[],
  variables: Readonly<Record<string, string>>,
): (text: string) => string {
  const named = setups.map(({ options, service }) => canonical([options, service])).join();
  const keys = Object.entries(variables)
    .filter(([name]) => NAME_OF_KEY.test(name) || named.includes(JSON.stringify(name)))
    .map(([, value]) => value.trim()).filter(({ length }) => length >= KEY_LENGTH_MIN)
    .sort((a, b) => b.length - a.length);
  return (text) => keys.reduce((rest, key) => rest.replaceAll(key, "[key]"), text);
}
