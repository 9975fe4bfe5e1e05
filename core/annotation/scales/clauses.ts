/** Divides a reply into clauses, and finds values whose meaning is open: "not a 5", "at least 3", "Toxic? No." */
import { CLAUSE_WORDS, DOUBTS, DOUBTS_BEFORE, HARMLESS_PHRASES, NO_WORDS, YES_WORDS } from "./doubt_words.ts";

/** The marks that end a sentence. All other marks of `MARKS` end only a clause. */
const SENTENCE_END = /[.!?…。！？؟\n\r]/u;

const MARKS = "[!?…;:()\\[\\]{}|\\n\\r。！？；：，、،؛؟=→⇒]|(?<!\\d)[.,]|[.,](?!\\d)|\\s[-–]+(?=\\s)|—|->";

/** Harmless phrases come first, so that they do not match as doubts; then doubts, then ends of clauses. */
const PIECES = new RegExp(
  `(?<harmless>${HARMLESS_PHRASES})|(?<doubt>${DOUBTS})|(?<end>${MARKS}|${CLAUSE_WORDS})`,
  "gu",
);

const NO = new RegExp(`^(?:${NO_WORDS})$`, "u");
const YES = new RegExp(`^[^\\p{L}]*(?:${YES_WORDS})`, "u");

/** A clause that is only a "no", but not a "not". */
const ANSWER = /^[^\p{L}]*(?!not|never|nicht|niet|inte|ikke|не|не|değil)\p{L}+[^\p{L}]*$/u;

const QUESTION = /[?？؟]/u;
const WORD = /[\p{L}\p{N}\ufffc]/u;

/** How many clauses after a value are searched for the next clause with words. */
const CLAUSES_AFTER = 4;

/** How much text on each side of a value is checked, in UTF-16 code units. */
const REACH = 60;

const WRAPPING = "[\\s\"'“”‘’«»*_`(\\[$]*";
const FILLERS =
  "(?:(?:a|an|the|of|about|around|some|solid|strong|full|score|rating|value|mark|level|grade|number|" +
  "ein|eine|einer|un|une|una|uma|een|ένα)\\s+)*";
const COMPARISON = "[<>≤≥≦≧⩽⩾≮≯≠±∓¬]|!=|&(?:gt|lt|ge|le|ne);|\\\\(?:geq?|leq?|gt|lt|neq?)(?![a-z])";

/** "> 3", "over 3", "between 3"; but "-> 3" is an arrow to a value. */
const OPEN_BEFORE = new RegExp(
  `(?:(?<!-)(?:${COMPARISON})=?|[～〜]|(?:${DOUBTS_BEFORE})\\s+${FILLERS})${WRAPPING}$`,
  "u",
);

/**
 * Number words in German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Danish, Greek, Russian and Polish.
 */
const OTHER_NUMBER_WORDS =
  "ein[es]?|zwei|drei|vier|fünf|un|une|deux|trois|quatre|cinq|uno|dos|tres|cuatro|cinco|due|tre|quattro|cinque|" +
  "um|dois|três|quatro|een|twee|drie|vijf|ett|två|fyra|fem|to|fire|ένα|δύο|τρία|τέσσερα|πέντε|" +
  "один|два|три|четыре|пять|jeden|dwa|trzy|cztery|pięć";

const NUMBER_WORD = "(?:zero|one|two|three|four|five|six|seven|eight|nine|ten)(?!\\p{L})";

/** "3 or 4", "3 <", "3+", "3-", "3/5", "3 out of 5", "3 max". */
const OPEN_AFTER = new RegExp(
  `^(?:-(?![-\\p{L}\\p{N}])|["'”’»*_\`)\\]$]*\\s*(?:${COMPARISON}|\\+|[～〜]|\\^|/\\s*\\p{N}|` +
    `(?:or|oder|ou|ή|или|eller)\\s(?!so(?!\\p{L}))|(?:out\\s+of|(?:of|von|sur|de|di|su|van|av|af|από|из)\\s+\\d)|` +
    `(?:max|min|maximum|minimum|tops|plus|minus)(?!\\p{L})|(?:to|through|and|-|–)\\s*${NUMBER_WORD}))`,
  "u",
);

/** "three or 4", "four of 5", "4th of 5", "out of 5": the end of a range, or the maximum of the scale. */
const NUMBER_WORD_BEFORE = new RegExp(
  `(?<!\\p{L})(?:(?:${NUMBER_WORD}|\\d+(?:st|nd|rd|th))\\s*(?:to|through|or|and|of|in|/|-|–)|` +
    `(?:${OTHER_NUMBER_WORDS})\\s+(?:von|sur|de|su|van|av|af|από|из|z)|out\\s+of|sur|scale\\s+of|skala\\s+von)` +
    `\\s*["'“”*_\`]*$`,
  "u",
);

/** Tags around values mean nothing. The ">" of a tag is not a comparison. */
const TAG = /<[/!?]?[\p{L}\ufffc][^<>\n]{0,200}>/gu;

export function isNo(word: string): boolean {
  return NO.test(word.toLowerCase());
}

type Clause = {
  start: number;
  closer: string;
  isDoubtful: boolean;
  hasWords: boolean;
  /** Whether the clause begins with a "yes", which confirms a question just before it. */
  confirms: boolean;
  /** Whether the clause ends with a "no", which takes back a value just before it. */
  takesBack: boolean;
};

/** Checks whether a reply leaves open what it means by a value. */
export class Clauses {
  readonly #text: string;
  readonly #clauses: readonly Clause[];

  constructor(text: string) {
    this.#text = text.replace(TAG, (tag) => " ".repeat(tag.length));
    this.#clauses = clausesOf(this.#text);
  }

  /**
   * Whether the meaning of a value is open. A later "no" does not take back a value that is a "no" itself (`isNo`).
   */
  isOpen({ start, end, isNo = false }: Readonly<{ start: number; end: number; isNo?: boolean }>): boolean {
    const before = this.#text.slice(Math.max(0, start - REACH), start);
    const after = this.#text.slice(end, end + REACH);
    if (OPEN_BEFORE.test(before) || OPEN_AFTER.test(after) || NUMBER_WORD_BEFORE.test(before)) return true;
    const at = this.#indexAt(start);
    const clause = this.#clauses[at]!;
    if (clause.isDoubtful) return true;
    const next = this.#clauses.slice(at + 1, at + 1 + CLAUSES_AFTER).find(({ hasWords }) => hasWords);
    if (QUESTION.test(clause.closer)) return next?.confirms !== true;
    return !isNo && next?.takesBack === true;
  }

  #indexAt(position: number): number {
    let [low, high] = [0, this.#clauses.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#clauses[middle]!.start <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function clausesOf(text: string): Clause[] {
  const clauses: Clause[] = [];
  let clause = newClause(0);
  let lastDoubt: RegExpExecArray | null = null;
  let isOpenSentence = false;
  const close = (end: number, closer: string) => {
    const words = text.slice(clause.start, end);
    const isLast = lastDoubt !== null && !WORD.test(text.slice(lastDoubt.index + lastDoubt[0].length, end));
    clause.closer = closer;
    clause.isDoubtful ||= isOpenSentence;
    clause.hasWords = WORD.test(words);
    clause.confirms = YES.test(words);
    clause.takesBack = isLast && NO.test(lastDoubt![0]);
    // "No, …" answers the question; "not, …" denies the words after it.
    const isAnswer = clause.takesBack && ANSWER.test(words);
    isOpenSentence = !SENTENCE_END.test(closer) && (isOpenSentence || isLast && !isAnswer);
    clauses.push(clause);
  };
  for (const piece of text.matchAll(PIECES)) {
    const { doubt, end } = piece.groups!;
    if (doubt !== undefined) {
      clause.isDoubtful = true;
      lastDoubt = piece as RegExpExecArray;
    }
    if (end === undefined) continue;
    close(piece.index, end);
    clause = newClause(piece.index + end.length);
    lastDoubt = null;
  }
  close(text.length, "");
  return clauses;
}

function newClause(start: number): Clause {
  return { start, closer: "", isDoubtful: false, hasWords: false, confirms: false, takesBack: false };
}
