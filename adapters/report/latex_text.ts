/** Writes text of unknown origin as LaTeX: TeX finds no command in it, and no letter that its fonts lack. */
import { visibleLines, visibleText } from "../../analysis/report/mod.ts";

/** Characters that TeX interprets, or that its plain fonts lack. TeX shows straight quotation marks as curly ones. */
const COMMANDS: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "$": "\\ensuremath{\\mathdollar}",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  "_": "\\_",
  "^": "\\textasciicircum{}",
  "~": "\\textasciitilde{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\symbol{34}",
  "'": "\\symbol{39}",
  "`": "\\symbol{96}",
  // At the beginning of a row, TeX would read these as options of the line break before it.
  "[": "{[}",
  "]": "{]}",
  "*": "{*}",
  "\u00a0": "~",
  "\u202f": "\\,",
  "–": "\\textendash{}",
  "—": "\\textemdash{}",
  "‘": "\\textquoteleft{}",
  "’": "\\textquoteright{}",
  "“": "\\textquotedblleft{}",
  "”": "\\textquotedblright{}",
  "…": "\\textellipsis{}",
  "•": "\\ensuremath{\\bullet}",
  "·": "\\ensuremath{\\cdot}",
  "§": "\\ensuremath{\\mathsection}",
  "°": "\\ensuremath{^\\circ}",
  "−": "\\ensuremath{-}",
  "±": "\\ensuremath{\\pm}",
  "×": "\\ensuremath{\\times}",
  "≈": "\\ensuremath{\\approx}",
  "≠": "\\ensuremath{\\neq}",
  "≤": "\\ensuremath{\\leq}",
  "≥": "\\ensuremath{\\geq}",
  "→": "\\ensuremath{\\rightarrow}",
  "²": "\\ensuremath{^2}",
  "α": "\\ensuremath{\\alpha}",
  "β": "\\ensuremath{\\beta}",
  "δ": "\\ensuremath{\\delta}",
  "Δ": "\\ensuremath{\\Delta}",
  "η": "\\ensuremath{\\eta}",
  "κ": "\\ensuremath{\\kappa}",
  "µ": "\\ensuremath{\\mu}",
  "μ": "\\ensuremath{\\mu}",
  "ρ": "\\ensuremath{\\rho}",
  "σ": "\\ensuremath{\\sigma}",
  "τ": "\\ensuremath{\\tau}",
  "χ": "\\ensuremath{\\chi}",
};

/** Letters that every font of LaTeX has, or can put together from parts. */
const LETTERS =
  /[ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿĆćČčĎďĚěĞğĹĺŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŤťŮůŰűŹźŻżŽž]/;

/**
 * An apostrophe; a sign that TeX would join with the next one; any character except plain letters, digits and
 * spaces.
 */
const MARKUP = /(?<apostrophe>(?<=\p{L})'(?!'))|(?<joined>[-,])(?=\k<joined>)|[^A-Za-z0-9 ]/gu;

/** A long word, such as a hash: TeX may break it after every 16 characters. No command is this long. */
const LONG_WORD = /[A-Za-z0-9]{33,}/g;

/**
 * The definition that texts of {@linkcode latexText} need. LuaLaTeX and XeLaTeX write any letter that their font has.
 * For pdfLaTeX, most letters are errors, so it writes `U+4F60` instead.
 */
export const LATEX_LETTER = String
  .raw`\providecommand{\reportletter}[2]{\ifdefined\Umathcode#1\else\texttt{U+#2}\allowbreak\fi}`;

/**
 * Writes text as LaTeX.
 *
 * @param text Any text; line breaks are shown as `\n`.
 * @returns LaTeX for paragraphs, cells and captions. {@linkcode LATEX_LETTER} must stand before it.
 *
 * @example
 * ```ts
 * import { latexText } from "./latex_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(latexText("50 % of {é}, 你"), "50 \\% of \\{é\\}, \\reportletter{你}{4F60}");
 * assert.equal(latexText("it's --help"), "it's -{}-help");
 * ```
 */
export function latexText(text: string): string {
  return visibleText(text).normalize("NFC").trim().replace(MARKUP, (found, ...rest) => {
    const { apostrophe, joined } = rest.at(-1);
    if (apostrophe !== undefined) return found;
    if (joined !== undefined) return `${found}{}`;
    if (Object.hasOwn(COMMANDS, found)) return COMMANDS[found]!;
    return found < "\x80" || LETTERS.test(found) ? found : letter(found);
  }).replace(LONG_WORD, (word) => word.match(/.{1,16}/g)!.join("\\allowbreak "));
}

/**
 * Writes text of several lines without its empty lines.
 *
 * @param lineBreak The command between two lines.
 */
export function latexLines(text: string, lineBreak: string): string {
  return visibleLines(text).replaceAll("\t", " ").split("\n").map(latexText).filter((line) => line !== "")
    .join(`${lineBreak} `);
}

function letter(char: string): string {
  return `\\reportletter{${char}}{${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}}`;
}
