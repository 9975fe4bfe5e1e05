/** Changes years of two digits to years of four digits, before a date is parsed. */

/** The years of two digits up to this one are in the 2000s, as in POSIX and Python: 68 is 2068, 69 is 1969. */
const LAST_OF_2000S = 68;

/** A quoted text, a token of Unicode's date patterns, or text between tokens. `''` stands for one quotation mark. */
const PART = /'([^']*)'?|([A-Za-z])\2*|[^A-Za-z']+/g;

/** Token → how many digits it stands for. Other tokens can stand for letters, so they match any text. */
const DIGITS: Readonly<Record<string, string>> = {
  yy: "2",
  yyyy: "4",
  kkkk: "4",
  ooo: "3",
  o: "1,3",
  SSS: "3",
  u: "1,9",
  ...Object.fromEntries(["MM", "dd", "HH", "hh", "mm", "ss", "WW"].map((token) => [token, "2"])),
  ...Object.fromEntries(["M", "d", "H", "h", "m", "s", "W"].map((token) => [token, "1,2"])),
};

/**
 * A pattern with a year of four digits. `rewrite` changes a text of the original pattern to a text of this
 * pattern; it returns `null` for a text of another form.
 */
type LongYear = Readonly<{ pattern: string; rewrite: (text: string) => string | null }>;

/**
 * Replaces the year of two digits in a pattern by a year of four digits. Luxon's token for a year of two
 * digits also reads three or four digits. It would read the first digits of a month or day that follows
 * without a separator.
 */
export function withLongYear(pattern: string): LongYear {
  const parts = [...pattern.matchAll(PART)];
  if (!parts.some(([part]) => part === "yy")) return { pattern, rewrite: (text) => text };
  const form = parts.map(([part, quoted, letter]) => {
    if (letter === undefined) return escaped(quoted === "" ? "'" : quoted ?? part);
    const digits = DIGITS[part];
    const source = digits === undefined ? ".+?" : `\\d{${digits}}`;
    return part === "yy" ? `(${source})` : source;
  });
  const regex = new RegExp(`^${form.join("")}$`, "dis");
  const rewrite = (text: string) => {
    const [start, end] = regex.exec(text)?.indices?.[1] ?? [];
    if (start === undefined) return null;
    const year = text.slice(start, end);
    return `${text.slice(0, start)}${Number(year) > LAST_OF_2000S ? "19" : "20"}${text.slice(start)}`;
  };
  return { pattern: parts.map(([part]) => part === "yy" ? "yyyy" : part).join(""), rewrite };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
