/** Shows the plan of replications as text or as an object. */
import { isUnavailable, LEVEL, type Power } from "../../analysis/mod.ts";
import { shownPath } from "../shared/program.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { limitOf, type PowerPlan, type PowerTarget, type ReadPilot } from "./plan_power.ts";

/** A plan with its pilot and its target. */
export type ShownPower = Readonly<{ folder: string; pilot: ReadPilot; target: PowerTarget; plan: PowerPlan }>;

const LIMIT_DIGITS = 3;

const RIGHT = { align: "right" } as const;

/** The plan as an object. */
export function powerObject({ folder, pilot, target, plan }: ShownPower): Record<string, unknown> {
  const { outcome, coefficient, effect, model, matched, answer, around } = plan;
  const { groups, rows, variances } = model.fit;
  return {
    pilot: {
      folder,
      discussions: groups,
      leftOut: pilot.leftOut,
      values: rows,
      groupVariance: variances.intercept,
      residualVariance: variances.residual,
    },
    outcome,
    coefficient,
    effect,
    target,
    level: pilot.analysis.level,
    ...pilot.analysis.looks === undefined
      ? {}
      : { looks: pilot.analysis.looks, limit: limitOf(pilot.analysis) },
    conditions: model.cells,
    matched,
    answer,
    around,
    assumptions: assumptions(plan, pilot),
  };
}

/** The plan as text. */
export function powerText(
  sink: Pick<TextSink, "isTerminal" | "colours" | "columns">,
  { folder, pilot, target, plan }: ShownPower,
): string {
  const { outcome, coefficient, effect, model, answer, around } = plan;
  const { groups, rows, variances } = model.fit;
  const asked = `${neutralise(outcome)} by ${neutralise(coefficient)}`;
  const head = `${asked}: ${wanted(target, effect)}\n` +
    `pilot ${shownPath(folder)}: ${plural(groups, "discussion")}, ${plural(rows, "value")}, variance ` +
    `${variances.intercept.toPrecision(3)} between discussions and ${
      variances.residual.toPrecision(3)
    } within\n\n`;
  if (isUnavailable(answer)) return `${head}No number of replications is found: ${answer.unavailable}\n`;
  const powers = [...around, answer].toSorted((a, b) => a.replications - b.replications);
  const lines = table(
    sink,
    [
      { title: "replications", ...RIGHT },
      { title: "discussions", ...RIGHT },
      ...effect === null ? [] : POWER_COLUMNS,
      { title: "half-width", ...RIGHT },
      { title: "" },
    ],
    powers.map((power) => [
      formatCount(power.replications),
      formatCount(power.replications * model.cells),
      ...effect === null ? [] : powerCells(power),
      power.halfWidth.toPrecision(3),
      power === answer ? "asked for" : "",
    ]),
  );
  const notes = assumptions(plan, pilot).map((text) => `- ${text}\n`).join("");
  return `${head}${answerLine(answer, plan)}\n\n${lines}\nThis assumes:\n${notes}`;
}

const POWER_COLUMNS = [
  { title: "power", ...RIGHT },
  { title: `${100 * LEVEL} % interval`, ...RIGHT },
];

function powerCells({ power, powerInterval: { lower, upper } }: Power): string[] {
  return [power.toFixed(2), `${lower.toFixed(2)} to ${upper.toFixed(2)}`];
}

function wanted(target: PowerTarget, effect: PowerPlan["effect"]): string {
  if ("power" in target) return `an effect of ${effect}, to be found with a power of ${target.power}`;
  if ("halfWidth" in target) return `an interval of at most ±${target.halfWidth} for the effect`;
  return `an effect of ${effect}, with ${plural(target.replications, "replication")}`;
}

function answerLine({ replications, power, halfWidth }: Power, { model, effect }: PowerPlan): string {
  const conditions = plural(model.cells, "condition");
  const discussions = plural(replications * model.cells, "discussion");
  const found = effect === null ? "" : `power ${power.toFixed(2)}, `;
  return `${
    plural(replications, "replication")
  } in each of ${conditions} (${discussions}): ${found}interval ` +
    `±${halfWidth.toPrecision(3)}`;
}

function assumptions(
  { coefficient, effect, model, matched, answer }: PowerPlan,
  { analysis, leftOut }: ReadPilot,
): string[] {
  const simulated = isUnavailable(answer)
    ? ""
    : ` of ${formatCount(answer.simulations)} simulated experiments`;
  const limit = Number(limitOf(analysis).toPrecision(LIMIT_DIGITS));
  const { looks } = analysis;
  const atLook = looks === undefined
    ? ""
    : `, at the last of the declared looks (${
      looks.map(formatCount).join(", ")
    } discussions); an earlier look can find ` +
      "the effect, too";
  return [
    "The variances and all other effects are as this pilot estimates them. Estimates from a small pilot are imprecise.",
    ...model.fit.variances.intercept === 0
      ? [
        "CAUTION: this pilot's discussions differ only as much as chance explains. A larger sample rarely shows this. " +
        "If they do differ, the experiment needs many more replications than this plan says.",
      ]
      : [],
    `Discussions are as long as the pilot's, and the same share of their comments has values${
      leftOut === 0
        ? ""
        : `; ${plural(leftOut, "discussion")} of the pilot that did not end ${
          leftOut === 1 ? "is" : "are"
        } left out`
    }.`,
    `The plan is for one test, of ${
      neutralise(coefficient)
    } in the mixed model, at p < ${limit}${atLook}. A correction for several declared tests needs more replications.`,
    ...Object.keys(model.data.predictors).length > 1 && coefficient.split(":").length === 1
      ? ["If the model has interactions, the effect is the one at the references of the other factors."]
      : [],
    ...matched
      ? [
        "Discussions are independent. The pilot's conditions are matched; a paired test removes the variance that matched " +
        "discussions share, so it may need fewer replications.",
      ]
      : [],
    ...effect === null
      ? []
      : [`The power is a share${simulated}; its interval follows from the number of simulations.`],
  ];
}
