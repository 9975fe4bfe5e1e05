/** A plan of replications for people and for machines. */
import { isUnavailable, LEVEL, type Power } from "../../analysis/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import type { PowerPlan, PowerTarget } from "./plan_power.ts";
import type { ReadPilot } from "./read_pilot.ts";

/** What is shown. */
export type ShownPower = Readonly<{ folder: string; pilot: ReadPilot; target: PowerTarget; plan: PowerPlan }>;

const RIGHT = { align: "right" } as const;

/** The plan as an object. */
export function powerObject({ folder, pilot, target, plan }: ShownPower): Record<string, unknown> {
  const { outcome, coefficient, effect, model, matched, answer, around } = plan;
  const { groups, rows, groupVariance, residualVariance } = model.fit;
  return {
    pilot: {
      folder,
      discussions: groups,
      leftOut: pilot.leftOut,
      values: rows,
      groupVariance,
      residualVariance,
    },
    outcome,
    coefficient,
    effect,
    target,
    level: pilot.analysis.level,
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
  const { groups, rows, groupVariance, residualVariance } = model.fit;
  const asked = `${neutralise(outcome)} by ${neutralise(coefficient)}`;
  const head = `${asked}: ${wanted(target, effect)}\n` +
    `pilot ${neutralise(folder)}: ${plural(groups, "discussion")}, ${plural(rows, "value")}, variance ` +
    `${groupVariance.toPrecision(3)} between discussions and ${residualVariance.toPrecision(3)} within\n\n`;
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
  if ("halfWidth" in target) return `an interval of the effect no wider than ±${target.halfWidth}`;
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
  const limit = Number((1 - analysis.level).toPrecision(6));
  return [
    "The variances and all other effects are as this pilot estimates them: a small pilot knows them badly.",
    ...model.fit.groupVariance === 0
      ? [
        "CAUTION: this pilot's discussions differ no more than chance makes them, which is rarely so with more of them. " +
        "Where they do differ, many more replications are needed than this says.",
      ]
      : [],
    `Discussions are as long as the pilot's, and as many of their comments have values${
      leftOut === 0
        ? ""
        : `; ${plural(leftOut, "discussion")} of it that did not end ${leftOut === 1 ? "is" : "are"} left out`
    }.`,
    `One test, of ${
      neutralise(coefficient)
    } in the mixed model, at p < ${limit}: a correction for several declared ` +
    "tests takes more replications.",
    ...Object.keys(model.data.predictors).length > 1 && coefficient.split(":").length === 1
      ? ["The effect is that at the references of the other factors, where the model has interactions."]
      : [],
    ...matched
      ? [
        "Discussions are independent. The pilot's conditions are matched; pairs take out what matched discussions " +
        "share, so that a paired test needs fewer replications the more they do.",
      ]
      : [],
    ...effect === null
      ? []
      : [`The power is a share${simulated}: its interval is what their number leaves open.`],
  ];
}
