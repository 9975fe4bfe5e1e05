/** Names of coefficients. Different coefficients have different names, whatever their predictors and levels are called. */

/** A predictor of a coefficient. A factor has a level. */
export type CoefficientPart = Readonly<{ name: string; level?: string }>;

/** The name of the intercept. */
export const INTERCEPT = "Intercept";

/** A covariate or a factor with such a name, or a level with such a label, is written in quotation marks. */
const AMBIGUOUS = { covariate: /^"|[[:]|^Intercept$/, factor: /^"|[[:]/, level: /^"|\]:/ } as const;

/**
 * The name of a coefficient: `turn`, `strategy[rules]`, `strategy[rules]:turn`. If the name would not show where a
 * predictor or a level ends, this predictor or level is in quotation marks, as in JSON: `"style: tone"[warm]`.
 *
 * @param parts The predictors that the coefficient multiplies.
 */
export function coefficientName(parts: readonly CoefficientPart[]): string {
  return parts.map(({ name, level }) =>
    level === undefined
      ? written(name, AMBIGUOUS.covariate)
      : `${written(name, AMBIGUOUS.factor)}[${written(level, AMBIGUOUS.level)}]`
  ).join(":");
}

function written(text: string, ambiguous: RegExp): string {
  return ambiguous.test(text) ? JSON.stringify(text) : text;
}

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;
const PART = new RegExp(String.raw`(${QUOTED}|[^[:]*)(?:\[(${QUOTED}|.*?)\](?=:|$))?(?::|$)`, "ys");

/** The predictors of a coefficient with this name; `null` if no coefficient can have it. */
export function readCoefficientName(text: string): readonly CoefficientPart[] | null {
  const parts: CoefficientPart[] = [];
  PART.lastIndex = 0;
  do {
    const found = PART.exec(text);
    if (found === null) return null;
    const [name, level] = [found[1]!, found[2]];
    parts.push({ name: plain(name), ...level === undefined ? {} : { level: plain(level) } });
    if (!found[0].endsWith(":")) break;
  } while (PART.lastIndex <= text.length);
  return parts;
}

function plain(text: string): string {
  if (!new RegExp(`^${QUOTED}$`, "s").test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
