/**
 * Finds numbers in replies, and recognises numbers that count or name something: "3 points are made", "in sentence
 * 2".
 */
import { losesDigits } from "../../json.ts";
import { wholeWords } from "./wording.ts";

/** A dash is a minus sign if it is right before the number, and no word or other number is right before it. */
const SIGN = "(?:[+\\-−–‐‑‒—﹣－]|(?:minus|negative)\\s+)?";
const DIGITS = "(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:e[+\\-]?\\d+)?";

const NO_DIGITS = /^[^\d.]+/;

const LONE = new RegExp(`^${SIGN}${DIGITS}$`, "iu");

/** A number that is not part of a word ("GPT-4", "5-point"), a date, a version, or a number in another notation. */
const MENTIONED = new RegExp(
  `(?<![\\p{L}\\p{N}_.,]|\\p{L}[-‐‑])${SIGN}${DIGITS}(?![\\p{L}\\p{N}_]|[.,]+\\d|[-‐‑]\\p{L})`,
  "giu",
);

/**
 * The number, if a text is only a number. `null` for any other text, and for a number that would lose digits.
 */
export function loneNumber(text: string): number | null {
  return LONE.test(text) && isExact(text) ? numberOf(text) : null;
}

export type MentionedNumber = Readonly<{
  number: number;
  written: string;
  start: number;
  end: number;
  /** Whether `number` is the written number, and not a whole number near it. */
  isExact: boolean;
}>;

export function mentionedNumbers(text: string): readonly MentionedNumber[] {
  return [...text.matchAll(MENTIONED)].map(({ 0: written, index: start }) => ({
    number: numberOf(written),
    written,
    start,
    end: start + written.length,
    isExact: isExact(written),
  }));
}

/** A fraction can be rounded. A whole number must be exact, or the value is wrong. */
function isExact(text: string): boolean {
  const digits = text.replace(NO_DIGITS, "");
  const number = Number(digits);
  return !Number.isInteger(number) || !losesDigits(digits, number);
}

function numberOf(text: string): number {
  const digits = Number(text.replace(NO_DIGITS, ""));
  // Zero has no sign on any scale.
  return /^[\d.+]/.test(text) ? digits : -digits || 0;
}

/**
 * The words of one language that separate values from numbers that count something: alternatives of a regular
 * expression in lower case, with `_` for any space. Any other word right after a number makes it doubtful. A missing
 * word only makes the program ask a question again. A wrong word can lead to a wrong value.
 */
type NumberWords = Readonly<{
  language: string;
  /**
   * Words that can follow a value: "4 because", "4 on the scale". In most languages, the word for "and" is
   * not listed, because "3 et demi" is not 3. The English "and" is listed: there, "and a half" is among the
   * doubtful words.
   */
  after: string;
  units?: string;
  /** Words before a number that is no value: it counts things ("there are 3") or names one ("sentence 2"). */
  counts?: string;
}>;

/**
 * Words that confirm a value: "4 is right". Other words can be an explanation of the scale: "5 is very
 * toxic".
 */
const FITTING =
  "my|right|fair|fine|appropriate|correct|fitting|justified|warranted|reasonable|best|what_i|the_(?:right|best|most_appropriate)";

const LANGUAGES: readonly NumberWords[] = [
  {
    language: "English",
    after:
      "because|since|as|for|on|so|but|and|given|due|considering|based|although|though|while|whereas|hence|" +
      "therefore|thus|or_so|overall|again|then|maybe|perhaps|probably|i_(?:think|guess|believe|suppose|would|say)|" +
      "i['’]d|in_(?:my|our|terms|view|light|general|all)|out_of|" +
      `(?:is|seems|feels|sounds|would_be|seems_to_be)_(?:${FITTING})|(?:fits|describes|suits)_(?:best|it|this|the)`,
    units: "points?|pts?|stars?",
    counts: "there_(?:are|is|were|was)|there['’]s|i_(?:see|found|find|count(?:ed)?)|contains|" +
      "(?:sentence|paragraph|line|page|section|article|chapter|footnote|verse|" +
      "(?:in|see|at|like|than|from|of|after|before)_(?:the_)?(?:comment|post|message|turn|point|reply|part|step|user|" +
      "participant|speaker|person|reason|argument))(?:_(?:no\\.?|number))?",
  },
  {
    language: "German",
    after:
      "weil|da|denn|aber|auf|für|wegen|aufgrund|insgesamt|obwohl|sagen|geben|vergeben|wählen|also|als_(?:bewertung|wert|note)",
    units: "punkten?|punkte?|sternen?|sterne?",
    counts: "es_(?:gibt|sind)|(?:satz|absatz|zeile|seite|abschnitt)|in_(?:kommentar|beitrag|punkt|teil)",
  },
  {
    language: "French",
    after: "car|parce|puisque|mais|pour|sur|vu|étant|donc",
    units: "points?|étoiles?",
    counts: "il_y_a|(?:phrase|ligne|paragraphe|page)",
  },
  {
    language: "Spanish",
    after: "porque|ya_que|pues|pero|por|para|debido|en_(?:la|una)_escala|en_mi",
    units: "puntos?|estrellas?",
    counts: "hay|(?:frase|oración|línea|párrafo|página)",
  },
  {
    language: "Italian",
    after: "perché|poiché|ma|per|su|dato|quindi",
    units: "punt[oi]|stell[ae]",
    counts: "ci_sono|c['’]è|(?:frase|riga|paragrafo|pagina)",
  },
  {
    language: "Portuguese",
    after: "porque|pois|mas|por|para|devido|já_que|n[ao]_escala",
    units: "pontos?|estrelas?",
    counts: "há|existem|(?:frase|linha|parágrafo|página)",
  },
  {
    language: "Dutch",
    after: "omdat|want|maar|op|voor|vanwege|zeggen|geven|dus",
    units: "punten|punt|sterren",
    counts: "er_(?:zijn|staan)|(?:zin|regel|alinea)",
  },
  {
    language: "Scandinavian languages",
    after: "eftersom|fordi|därför|men|på|för|for",
    units: "poäng|poeng|point|stjärnor|stjerner",
    counts: "det_(?:finns|er|är|finnes)|der_er|(?:mening|sætning|setning|rad|linje)",
  },
  {
    language: "Polish and Czech",
    after: "bo|ponieważ|gdyż|ale|za|w_skali|na_skali|protože|neboť|na_stupnici",
    units: "punkty?|punktów|body?|bodů|gwiazdk[ia]",
    counts: "zdani[eu]|věta|větě",
  },
  {
    language: "Greek",
    after: "γιατί|επειδή|διότι|αλλά|λόγω|στην_κλίμακα|για|αφού|καθώς",
    units: "βαθμοί|βαθμούς|πόντοι|πόντους|αστέρια",
    counts: "υπάρχουν|έχει|(?:πρόταση|γραμμή|παράγραφος|σελίδα)",
  },
  {
    language: "Russian and Ukrainian",
    after: "потому|поскольку|так_как|но|за|из-за|по_шкале|бо|тому|оскільки|але",
    units: "балла?|баллов|бали?|балів|звезды|звёзды",
    counts: "есть|є|(?:предложени[еи]|абзаце?|речення)",
  },
  { language: "Turkish", after: "çünkü|ama|zira|veriyorum|veririm|derim|verirdim", units: "puan|yıldız" },
  {
    language: "Arabic",
    after: "لأن\\p{L}*|بسبب|لكن|على_(?:مقياس|المقياس)",
    units: "نقاط|درجات",
    counts: "هناك",
  },
  { language: "Hebrew", after: "כי|בגלל|אבל", units: "נקודות", counts: "יש" },
  { language: "Hindi", after: "क्योंकि|लेकिन", units: "अंक" },
  {
    language: "Indonesian and Vietnamese",
    after: "karena|tapi|tetapi|sebab|vì|bởi|nhưng",
    units: "poin|điểm",
    counts: "ada|có",
  },
  {
    language: "Chinese, Japanese and Korean",
    after: "因为|因為|由于|但|です|だと|ので|입니다|왜냐하면",
    units: "分|点|點|점",
    counts: "有",
  },
];

function words(kind: Exclude<keyof NumberWords, "language">): string {
  return wholeWords(LANGUAGES.flatMap((language) => language[kind] ?? []).join("|"));
}

const VALUE_WORDS_AFTER = words("after");
const VALUE_UNITS = words("units");
const COUNT_WORDS = words("counts");

/** How much text on each side of a number is checked, in UTF-16 code units. */
const REACH = 60;

/** Marks of emphasis, quotation marks, and tags of emphasis. */
const EMPHASIS = "(?:[\"'“”‘’«»*_`]|</?(?:b|i|u|em|strong|code|mark|span)>)*";
const SPACE = "[^\\S\\n\\r]+";

const WORD_AFTER = new RegExp(`^${EMPHASIS}${SPACE}${EMPHASIS}\\p{L}`, "u");
const VALUE_WORD_AFTER = new RegExp(`^${EMPHASIS}${SPACE}${EMPHASIS}${VALUE_WORDS_AFTER}`, "u");

/** Signs of money, degrees and multiples. Dollar signs on both sides mark a formula instead. */
const SIGN_AFTER = /^[^\S\n\r]?(?:(?!\$)\p{Sc}|°|×)/u;
const SIGN_BEFORE = /(?!\$)\p{Sc}[^\S\n\r]?$/u;

/** "#3", "sentence 2", "there are 3". */
const NAMED_BEFORE = new RegExp(
  `(?:#|№\\s?|${COUNT_WORDS}${SPACE}(?:(?:only|exactly|about)${SPACE})?${EMPHASIS})$`,
  "u",
);

/** German words before an ordinal number: the point in "Im 3. Satz" does not end a sentence. */
const ORDINAL_BEFORE = /(?<!\p{L})(?:der|die|das|den|dem|des|im|am|zum|zur|vom|beim|ins)\s+$/u;
const ORDINAL_AFTER = /^\.[^\S\n\r]+\p{L}/u;

/**
 * A unit after a value. The number and its unit must end a phrase: "4 points", but not "3 points are made".
 */
const UNIT_AFTER = new RegExp(
  `^${EMPHASIS}${SPACE}${EMPHASIS}${VALUE_UNITS}${EMPHASIS}(?:\\s*(?:$|[.,;:!(\\n\\r–—])|${SPACE}(?:-|${VALUE_WORDS_AFTER}))`,
  "u",
);
const BEGINNING = /(?:^|[\n\r:=])[^\p{L}\p{N}\n\r:=]*$/u;

/**
 * Whether it is possible that a number counts or names something, and is no value. `text` is in lower case.
 */
export function isCounted(text: string, { start, end }: Readonly<{ start: number; end: number }>): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const after = text.slice(end, end + REACH);
  if (SIGN_AFTER.test(after) || SIGN_BEFORE.test(before) || NAMED_BEFORE.test(before)) return true;
  if (before.endsWith("$") && !/^[.\s]*\$/.test(after)) return true;
  if (ORDINAL_AFTER.test(after) && ORDINAL_BEFORE.test(before)) return true;
  if (!WORD_AFTER.test(after) || VALUE_WORD_AFTER.test(after)) return false;
  return !(UNIT_AFTER.test(after) && BEGINNING.test(before));
}
