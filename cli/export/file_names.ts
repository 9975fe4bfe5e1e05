/** Names of exported files that stand for labels of any length and script. */
import { createHash } from "node:crypto";

/** Bytes that a name has at most: file systems take 255, and an ending and those who rename files need some. */
const NAME_BYTES_MAX = 160;

/** Digits of the hash that stands for what a name has no room for. */
const HASH_DIGITS = 12;

/** Letters, marks and digits of all scripts. */
const PLAIN = /^[\p{L}\p{M}\p{N}+._=-]$/u;

const encoder = new TextEncoder();

/** Gives names, each to one label alone. */
export class FileNames {
  /** What file systems that ignore case and normal forms take for equal → the label. */
  readonly #labels = new Map<string, string>();
  readonly #cut = new Map<string, string>();

  /** The labels that their names do not tell: name → label. */
  get cut(): ReadonlyMap<string, string> {
    return this.#cut;
  }

  /**
   * A label's name: letters and digits stay, other characters are written as `%` and two hexadecimal digits a byte. One
   * that is too long, or that some file systems would take for another one's, ends in a hash of the label.
   *
   * @param label Any text.
   */
  nameOf(label: string): string {
    const { name, isWhole } = beginningOf(label);
    const key = name.normalize("NFC").toLowerCase();
    const holder = this.#labels.get(key) ?? label;
    if (isWhole && holder === label) {
      this.#labels.set(key, label);
      return name;
    }
    const hash = createHash("sha256").update(label).digest("hex").slice(0, HASH_DIGITS);
    const hashed = `${name}~${hash}`;
    this.#cut.set(hashed, label);
    return hashed;
  }
}

/** As much of a label as a name has room for. */
function beginningOf(label: string): Readonly<{ name: string; isWhole: boolean }> {
  let name = "";
  let bytes = 0;
  for (const character of label) {
    // A leading dot would hide the file, or name this folder or its parent.
    const isPlain = PLAIN.test(character) && !(name === "" && character === ".");
    const shown = isPlain ? character : escaped(character);
    bytes += encoder.encode(shown).length;
    if (bytes > NAME_BYTES_MAX) return { name, isWhole: false };
    name += shown;
  }
  return { name: name === "" ? "~" : name, isWhole: true };
}

function escaped(character: string): string {
  return [...encoder.encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}
