/** The names of scales, as models write them. */
import { folded } from "./wording.ts";

/** Scale → everything that a reply answers to it, as it is written. */
export type Answers = ReadonlyMap<string, string[]>;

/** What stands between a name's words, or is left out there: "ArgumentQuality", "argument_quality". */
const GAP = /[\s_-]+/gu;

/** What models add to a name. */
const ADDED = "(?:[\\s_-]{0,4}(?:score|rating|level|value))?(?:\\s{0,4}[(\\[][^()\\[\\]\\n]{0,60}[)\\]])?";

/** Longest text that can be a name, in UTF-16 code units. */
const WRITTEN_LENGTH_MAX = 300;

const QUOTES = "[\"'`*_]{0,8}";

/** Finds scales by their names, in any case and with any spaces or underscores between their words. */
export class Names {
  readonly #byKey: ReadonlyMap<string, string>;
  readonly #keyOf: (name: string) => string;
  /** Matches any of the names with what models add to them, as alternatives of a regular expression. */
  readonly pattern: string;

  /** @param names The names; those that only spaces and underscores tell apart are told apart by these. */
  constructor(names: readonly string[]) {
    const loose = (name: string) => folded(name).replace(GAP, "");
    const isLoose = new Set(names.map(loose)).size === names.length;
    this.#keyOf = isLoose ? loose : folded;
    this.#byKey = new Map(names.map((name) => [this.#keyOf(name), name]));
    const gap = isLoose ? "[\\s_-]{0,4}" : "";
    const keys = [...this.#byKey.keys()].sort((a, b) => b.length - a.length);
    this.pattern = `(?:${
      keys.map((key) => [...key].map((char) => char === " " ? "\\s" : RegExp.escape(char)).join(gap)).join(
        "|",
      )
    })${QUOTES}${ADDED}${QUOTES}`;
  }

  /** The scale that a text names; `undefined` where it is none of them. */
  nameOf(written: string): string | undefined {
    if (written.length > WRITTEN_LENGTH_MAX || written === "") return undefined;
    const bare = written.normalize("NFC").trim().replace(BARE, "$1");
    return this.#byKey.get(this.#keyOf(bare)) ??
      this.#byKey.get(this.#keyOf(bare.replace(ADDED_AT_END, "").replace(BARE, "$1")));
  }
}

const BARE = new RegExp(`^${QUOTES}(.*?)${QUOTES}$`, "su");
const ADDED_AT_END = new RegExp(`(?<=.)${ADDED}$`, "su");
