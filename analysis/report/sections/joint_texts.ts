/** Texts and the table of joint tests, which test all coefficients of an interaction together. */
import { TIME } from "../../../core/experiment/analysis_design.ts";
import { type AdjustedTest, effectKey, type JointEffectTest } from "../../outcomes/mod.ts";
import { countedIn, effectText } from "../analysis_texts.ts";
import type { Table } from "../document.ts";
import { formatCell, plural } from "../numbers.ts";
import { counts, figures, numbers, probabilities, tableOf, texts } from "../tables.ts";
import { equalsP, METHODS, type Results } from "./effect_results.ts";
import { pName, standingText, UNCLEAR } from "./result_sentences.ts";
import { capital, joined } from "../words.ts";

/** The joint test of the interaction to which a test of one coefficient belongs. */
export function jointOf(
  { outcome, effect }: Pick<AdjustedTest, "outcome" | "effect">,
  { compared: { joint } }: Pick<Results, "compared">,
): JointEffectTest | undefined {
  const key = effectKey(effect);
  return joint.find((one) => one.outcome === outcome && effectKey(one.effect) === key);
}

/** The result of a joint test, in one sentence. */
export function jointSentence(test: JointEffectTest, { analysis }: Results, alpha: number): string {
  const { outcome, effect, coefficients, adjusted } = test;
  const [first, ...others] = effect.filter((name) => name !== TIME) as [string, ...string[]];
  const [subject, on] = effect.includes(TIME)
    ? [`the change of ${outcome} per ${analysis.time}`, [first, ...others]]
    : [`the difference in ${outcome} by ${first}`, others];
  const claim = `${subject} depends on ${joined(on)}${on.length > 1 ? " together" : ""}`;
  const all = coefficients === 2 ? "both" : `all ${coefficients}`;
  const shown = `${standingText(test)}${all} comparisons together: ${statisticText(test)}; ${
    pName(test, analysis)
  } ${equalsP(adjusted)}`;
  return adjusted < alpha
    ? `${capital(claim)} (${shown}).`
    : `${UNCLEAR} interaction: whether ${claim} is open (${shown}).`;
}

/** The statistic of a joint test, such as `F(6, 337.2) = 2.33` or `χ²(6) = 14.0`. */
function statisticText({ statistic, coefficients, df }: JointEffectTest): string {
  const number = (value: number, decimals: number) => formatCell(value, { kind: "number", decimals });
  return df === null
    ? `χ²(${coefficients}) = ${number(statistic * coefficients, 2)}`
    : `F(${coefficients}, ${number(df, 1)}) = ${number(statistic, 2)}`;
}

/** A note that explains the column with the p of joint tests. */
export function jointNote(
  shown: readonly (JointEffectTest | null)[],
  { compared: { joint } }: Pick<Results, "compared">,
): string {
  const kindOf = ({ confirmatory, sampleChanged }: JointEffectTest) => confirmatory || sampleChanged;
  const first = shown.find((test) => test !== null);
  const family = joint.filter((test) => first !== undefined && kindOf(test) === kindOf(first));
  const among = family.length === 1 ? "" : `, corrected among ${plural(family.length, "interaction")}`;
  return `Joint p: a test of all comparisons of an interaction together${among}. It can find a difference although no ` +
    "single comparison does.";
}

/** The table of all joint tests; `null` if there are none. */
export function jointTable(id: string, results: Results): Table | null {
  const { compared, analysis } = results;
  const { joint } = compared;
  if (joint.length === 0) return null;
  const note =
    `${
      countedIn(joint, compared)
    } Each row tests whether any comparison of a declared interaction differs from ` +
    "0. Pairs and permutations of single comparisons have no such test: there, the outcome's own model has it. These " +
    "tests are a family of their own, with the correction of the tests of single comparisons.";
  return tableOf({ id, title: "Interactions as a whole", note }, joint, [
    texts("outcome", "Outcome", ({ outcome }) => outcome),
    texts("interaction", "Interaction", ({ effect }) => effectText(effect, analysis)),
    counts("comparisons", "Comparisons", ({ coefficients }) => coefficients),
    figures("statistic", "F (or χ² / comparisons)", ({ statistic }) => statistic),
    numbers("df", "df", ({ df }) => df, 1),
    probabilities("p", "p", ({ p }) => p),
    probabilities("p_adjusted", "Adjusted p", ({ adjusted }) => adjusted),
    texts("method", "Method", ({ method }) => METHODS[method]),
  ]);
}
