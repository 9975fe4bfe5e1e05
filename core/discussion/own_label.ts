/**
 * The speaker's own name as a label before a text: `Cleo:`, `**Cleo:**`, `[Cleo]`, `### Cleo`, `"Cleo":`,
 * `Cleo (participant):`, `<Cleo>`.
 *
 * The name can be in any case and any Unicode form. It is a label if it and the signs around it are followed
 * by one of these:
 *
 * - a colon of any width, also after a role in brackets or a verb such as `says`;
 * - nothing, if the name is in square or angle brackets, or alone on its line;
 * - `「` or `『`, if the text ends with a closing bracket of this kind;
 * - a dash or `>`, if the name is decorated, or if no small letter and no second dash follow.
 *
 * So a name that begins a sentence is not a label.
 */

/** Signs before a label: of a heading, a list, a quotation or an address. */
const LEAD = /(?:#{1,6}\s{1,3}|[-*•+>]\s{1,3}|\d{1,3}[.)]\s{1,3}|@)/uy;
const OPENER = /\*{1,3}|_{1,3}|~~|`{1,3}|["“”„'‘’«»「『《〈[({<【（［＜@]/uy;
const CLOSERS: Readonly<Record<string, string>> = {
  "“": "”",
  "„": "“”",
  "‘": "’",
  "«": "»",
  "»": "«",
  "「": "」",
  "『": "』",
  "《": "》",
  "〈": "〉",
  "[": "]",
  "(": ")",
  "{": "}",
  "<": ">",
  "【": "】",
  "（": "）",
  "［": "］",
  "＜": "＞",
};
/** Brackets that make a name a label without a colon. */
const BRACKETS = "[<【［＜";
const SIGNS_MAX = 6;

const ROLE = /\s{0,2}[([（［][^()[\]（）［］\n]{1,40}[)\]）］]/uy;
const VERB =
  /(?:['’]s (?:response|reply|comment|answer|message|post|turn)|\s{1,3}(?:says|said|writes|wrote|replies|replied|responds|responded|answers|answered|comments|commented))(?=[*_"”]{0,3}\s{0,2}[:：])/iuy;
const COLON = /\s{0,2}[:：﹕∶︓]/uy;
const STRAY_EMPHASIS = /\*{2,3}(?=\s)/uy;
const DASH = /[^\S\n]{0,3}[–—][^\S\n]{1,3}|[^\S\n]{1,3}[-−][^\S\n]{1,3}|[^\S\n]{0,2}>[^\S\n]{1,3}/uy;
/** A second dash: text between two dashes belongs to a sentence. */
const DASH_AGAIN = /^[^\n]{0,200}\s[-–—−]\s/u;
const LINE_END = /[^\S\n]{0,9}\r?\n/uy;
const WORD = /[\p{L}\p{M}\p{N}]/u;
const SMALL = /^["“'‘*_(]{0,3}\p{Ll}/u;
const QUOTE_BEGIN = /^[「『]/u;
/** The most labels that are removed from one text. */
const LABELS_MAX = 8;
/** Longest closing tag with a name, in characters. */
const END_TAG_MAX = 400;

export type Unlabelled = Readonly<{ text: string; removed: readonly string[] }>;

/** Removes labels with one speaker's name from texts. */
export class OwnLabel {
  readonly #name: RegExp;
  readonly #endTag: RegExp;

  constructor(speaker: string) {
    const forms = ["NFC", "NFD", "NFKC"].map((form) => speaker.trim().normalize(form));
    const patterns = [...new Set([speaker.trim(), ...forms])].filter((form) => form !== "")
      .map((form) => form.split(/\s+/u).map((part) => RegExp.escape(part)).join("\\s{1,3}"));
    const name = patterns.length === 0 ? "(?!)" : `(?:${patterns.join("|")})`;
    this.#name = new RegExp(name, "iuy");
    this.#endTag = new RegExp(`</${name}>$`, "iu");
  }

  takeOff(text: string): Unlabelled {
    const removed: string[] = [];
    let said = text.trim();
    for (let count = 0; count < LABELS_MAX; count++) {
      const read = this.#read(said);
      if (read === null) break;
      removed.push(said.slice(0, read.end).trim());
      said = withoutPartners(said.slice(read.end), read.unclosed, removed);
      const endTag = removed.at(-1)!.startsWith("<")
        ? this.#endTag.exec(said.slice(-END_TAG_MAX))?.[0]
        : undefined;
      if (endTag !== undefined) {
        removed.push(endTag);
        said = said.slice(0, -endTag.length).trimEnd();
      }
    }
    return { text: said, removed };
  }

  #read(text: string): { end: number; unclosed: readonly string[] } | null {
    const scan = new Scan(text);
    let isDecorated = false;
    while (scan.take(LEAD) !== null && scan.taken < SIGNS_MAX) isDecorated = true;
    const open: string[] = [];
    for (let sign; open.length < SIGNS_MAX && (sign = scan.take(OPENER)) !== null;) {
      if (sign !== "@") open.push(sign);
    }
    isDecorated ||= open.length > 0;
    const outermost = open[0];
    if (scan.take(this.#name) === null || scan.isAt(WORD)) return null;
    const closed: string[] = [];
    const close = () => {
      for (let partner; open.length > 0 && (partner = scan.takePartner(open.at(-1)!)) !== null;) {
        closed.push(open.pop()!, partner);
      }
    };
    close();
    const isBracketed = outermost !== undefined && closed.some((sign) => BRACKETS.includes(sign));
    const isLink = isBracketed && scan.rest.startsWith("(");
    const before = scan.at;
    const hasRole = scan.take(ROLE) !== null;
    close();
    scan.take(VERB);
    close();
    if (scan.take(COLON) !== null) {
      close();
      scan.take(STRAY_EMPHASIS);
      return { end: scan.at, unclosed: open };
    }
    if (hasRole) scan.at = before;
    if (isBracketed && !isLink) return { end: scan.at, unclosed: open };
    const isAlone = scan.take(LINE_END) !== null;
    if (isAlone) return { end: scan.at, unclosed: open };
    const isQuoting = QUOTE_BEGIN.test(scan.rest) && /[」』]$/u.test(text);
    if (isQuoting) return { end: scan.at + 1, unclosed: [...open, scan.rest[0]!] };
    const isDashed = scan.take(DASH) !== null && scan.rest !== "";
    const isSentence = !isDecorated && (SMALL.test(scan.rest) || DASH_AGAIN.test(scan.rest));
    return isDashed && !isSentence ? { end: scan.at, unclosed: open } : null;
  }
}

/** How many speakers' patterns are cached, because making a pattern takes longer than using it. */
const READY_MAX = 1_000;
const ready = new Map<string, OwnLabel>();

export function ownLabelOf(speaker: string): OwnLabel {
  let label = ready.get(speaker);
  if (label === undefined) {
    if (ready.size >= READY_MAX) ready.clear();
    label = new OwnLabel(speaker);
    ready.set(speaker, label);
  }
  return label;
}

/**
 * Removes the signs at the end of the text that close the signs before the label. `unclosed`: the signs that
 * are still open after the label.
 */
function withoutPartners(text: string, unclosed: readonly string[], removed: string[]): string {
  let said = text.trim();
  for (const sign of unclosed) {
    const partner = [...partnersOf(sign)].find((candidate) => said.endsWith(candidate));
    if (partner === undefined) continue;
    removed.push(partner);
    said = said.slice(0, -partner.length).trimEnd();
  }
  return said;
}

function partnersOf(sign: string): readonly string[] {
  return /^[*_~`"']/u.test(sign) ? [sign] : [...CLOSERS[sign] ?? ""];
}

/** Matches patterns one after the other, from the beginning of a text. */
class Scan {
  readonly #text: string;
  at = 0;
  taken = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get rest(): string {
    return this.#text.slice(this.at);
  }

  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.#text)?.[0] ?? null;
    if (match !== null) {
      this.at += match.length;
      this.taken++;
    }
    return match;
  }

  takePartner(sign: string): string | null {
    const partner = partnersOf(sign).find((candidate) => this.#text.startsWith(candidate, this.at)) ?? null;
    if (partner !== null) this.at += partner.length;
    return partner;
  }

  isAt(pattern: RegExp): boolean {
    return this.at < this.#text.length &&
      pattern.test(String.fromCodePoint(this.#text.codePointAt(this.at)!));
  }
}
