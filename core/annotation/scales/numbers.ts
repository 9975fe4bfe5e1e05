/** Numbers in replies, and which of them count or name something other than a value: "3 points are made", "in sentence 2". */
import { losesDigits } from "../../json.ts";
import { wholeWords } from "./wording.ts";

/** Dashes stand for a minus where they touch a number and nothing that they could join it to. */
const SIGN = "(?:[+\\-−–‐‑‒—﹣－]|(?:minus|negative)\\s+)?";
const DIGITS = "(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:e[+\\-]?\\d+)?";

const NO_DIGITS = /^[^\d.]+/;

const LONE = new RegExp(`^${SIGN}${DIGITS}$`, "iu");

/** A number that is no part of a word ("GPT-4", "5-point"), of a date, of a version or of a number in another notation. */
const MENTIONED = new RegExp(
  `(?<![\\p{L}\\p{N}_.,]|\\p{L}[-‐‑])${SIGN}${DIGITS}(?![\\p{L}\\p{N}_]|[.,]+\\d|[-‐‑]\\p{L})`,
  "giu",
);

/** The number that a text is; `null` if it is more, or none, or has more digits than can be kept. */
export function loneNumber(text: string): number | null {
  return LONE.test(text) && isExact(text) ? numberOf(text) : null;
}

export type MentionedNumber = Readonly<{
  number: number;
  written: string;
  start: number;
  end: number;
  /** Whether it is the number that is written, in contrast to a whole number next to it. */
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

/** Fractions are rounded; a whole number that is another one than was written would be a wrong value. */
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
 * The words of one language that tell a value from a number that counts something: alternatives of a regular
 * expression in lower case, `_` for any space. Any other word right behind a number makes it doubtful. A missing word
 * costs a repeated question; a wrong one costs a wrong value.
 */
type NumberWords = Readonly<{
  language: string;
  /** What can follow on a value: "4 because", "4 on the scale". No word that can stand before "half". */
  after: string;
  units?: string;
  /** What stands before a number of things, or before the number of a thing. */
  counts?: string;
}>;

/** Words about a value: "4 is right". "5 is very toxic" may explain the scale. */
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

/** How far around a number its neighbours are looked at, in UTF-16 code units. */
const REACH = 60;

/** Emphasis and quotation marks, and tags that mean the same. */
const EMPHASIS = "(?:[\"'“”‘’«»*_`]|</?(?:b|i|u|em|strong|code|mark|span)>)*";
const SPACE = "[^\\S\\n\\r]+";

const WORD_AFTER = new RegExp(`^${EMPHASIS}${SPACE}${EMPHASIS}\\p{L}`, "u");
const VALUE_WORD_AFTER = new RegExp(`^${EMPHASIS}${SPACE}${EMPHASIS}${VALUE_WORDS_AFTER}`, "u");

/** Money and angles; a dollar sign on both sides stands around a formula. */
const SIGN_AFTER = /^[^\S\n\r]?(?:(?!\$)\p{Sc}|°|×)/u;
const SIGN_BEFORE = /(?!\$)\p{Sc}[^\S\n\r]?$/u;

/** "#3", "sentence 2", "there are 3". */
const NAMED_BEFORE = new RegExp(
  `(?:#|№\\s?|${COUNT_WORDS}${SPACE}(?:(?:only|exactly|about)${SPACE})?${EMPHASIS})$`,
  "u",
);

/** "Im 3. Satz": the point belongs to the number. */
const ORDINAL_BEFORE = /(?<!\p{L})(?:der|die|das|den|dem|des|im|am|zum|zur|vom|beim|ins)\s+$/u;
const ORDINAL_AFTER = /^\.[^\S\n\r]+\p{L}/u;

/** A unit of values counts where it ends what is said: "It makes 3 points" is no value. */
const UNIT_AFTER = new RegExp(
  `^${EMPHASIS}${SPACE}${EMPHASIS}${VALUE_UNITS}${EMPHASIS}(?:\\s*(?:$|[.,;:!(\\n\\r–—])|${SPACE}(?:-|${VALUE_WORDS_AFTER}))`,
  "u",
);
const BEGINNING = /(?:^|[\n\r:=])[^\p{L}\p{N}\n\r:=]*$/u;

/** Whether a number in a reply in lower case may count or name something else than a value. */
export function isCounted(text: string, { start, end }: Readonly<{ start: number; end: number }>): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const after = text.slice(end, end + REACH);
  if (SIGN_AFTER.test(after) || SIGN_BEFORE.test(before) || NAMED_BEFORE.test(before)) return true;
  if (before.endsWith("$") && !/^[.\s]*\$/.test(after)) return true;
  if (ORDINAL_AFTER.test(after) && ORDINAL_BEFORE.test(before)) return true;
  if (!WORD_AFTER.test(after) || VALUE_WORD_AFTER.test(after)) return false;
  return !(UNIT_AFTER.test(after) && BEGINNING.test(before));
}
