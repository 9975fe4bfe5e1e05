/** Shows the plan of replications as text or as an object. */
import { isUnavailable, LEVEL } from "../../analysis/mod.ts";
import {
  type PowerTarget,
  reached,
  type Share,
  type StudyPower,
  type TestPower,
} from "../../analysis/power/mod.ts";
import { shownPath } from "../shared/program.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { assumptions } from "./assumptions.ts";
import type { PowerPlan } from "./plan_power.ts";
import type { ReadPilot } from "./read_pilot.ts";

/** A plan with its pilot and its target. */
export type ShownPower = Readonly<{
  folder: string;
  pilot: ReadPilot;
  target: PowerTarget;
  /** Whether effects are assumed, so that there is a power. */
  hasEffects: boolean;
  plan: PowerPlan;
}>;

const RIGHT = { align: "right" } as const;

/** The length of the bar for a power of 1, in characters. */
const BAR = 20;

/** The plan as an object. */
export function powerObject(shown: ShownPower): Record<string, unknown> {
  const { folder, pilot, target, hasEffects, plan } = shown;
  const { study, asked, answer, curve } = plan;
  const { sources, analysis, conditions, matched, observations } = study.pilot;
  const point = (power: StudyPower) => ({ ...power, ...summary(power, asked, hasEffects) });
  return {
    pilot: {
      folder,
      discussions: observations.length,
      leftOut: pilot.leftOut,
      models: sources.map(({ outcome, source }) => ({
        outcome: outcome.name,
        values: outcome.values.values.length,
        ...isUnavailable(source) ? source : {
          kind: source.kind,
          variances: {
            block: source.block,
            intercept: source.intercept,
            slope: source.slope,
            correlation: source.correlation,
            residual: source.residual,
          },
        },
      })),
    },
    asked: asked.map((place) => {
      const { plan: { outcome, term }, unit, margin } = study.pilot.tests[place]!;
      return { outcome, term: term.name, unit, margin, effect: hasEffects ? study.effects[place] : null };
    }),
    target,
    level: analysis.level,
    correction: analysis.correction,
    ...analysis.looks === undefined ? {} : { looks: analysis.looks },
    conditions,
    matched,
    answer: isUnavailable(answer) ? answer : point(answer),
    curve: curve.map(point),
    assumptions: assumptions(shown),
  };
}

/**
 * The figures of the test that the user asks for. For several tests, the lowest power and the greatest
 * half-width.
 */
function summary(
  { tests }: StudyPower,
  asked: readonly number[],
  hasEffects: boolean,
): Readonly<{ power: number | null; powerInterval: Share["interval"] | null; halfWidth: number | null }> {
  const own = asked.map((place) => tests[place]!);
  const least = own.map(reached).reduce((one, other) => other.share < one.share ? other : one);
  const widths = own.map(({ halfWidth }) => halfWidth);
  return {
    power: hasEffects ? least.share : null,
    powerInterval: hasEffects ? least.interval : null,
    halfWidth: widths.some((width) => width === null) ? null : Math.max(...widths as number[]),
  };
}

/** The plan as text. */
export function powerText(
  sink: Pick<TextSink, "isTerminal" | "colours" | "columns">,
  shown: ShownPower,
): string {
  const { plan, hasEffects } = shown;
  const { answer, asked, study } = plan;
  const head = headOf(shown);
  if (isUnavailable(answer)) return `${head}No number of replications is found: ${answer.unavailable}\n`;
  const several = study.pilot.tests.length > 1
    ? `\nAll declared tests with ${plural(answer.replications, "replication")}:\n${
      testsTable(sink, answer, hasEffects)
    }` +
      (hasEffects && asked.length > 1
        ? `Any of these effects is found in ${percent(answer.any)} of the experiments, and all are in ${
          percent(answer.all)
        }.\n`
        : "")
    : "";
  const notes = assumptions(shown).map((text) => `- ${text}\n`).join("");
  return `${head}${answerLine(answer, shown)}\n${several}\n${
    curveTable(sink, shown)
  }\nThis assumes:\n${notes}`;
}

/** What a test is asked to find. */
export function effectLine(place: number, { target, hasEffects, plan: { study } }: ShownPower): string {
  const { plan: { outcome, term }, unit } = study.pilot.tests[place]!;
  const effect = hasEffects ? study.effects[place]! : null;
  const odds = unit === "log-odds" ? " (in log odds)" : "";
  return `${neutralise(outcome)} by ${neutralise(term.name)}: ${wanted(target, effect)}${odds}`;
}

function headOf(shown: ShownPower): string {
  const { folder, plan: { asked, study } } = shown;
  const { tests, sources, observations } = study.pilot;
  const lines = asked.map((place) => `${effectLine(place, shown)}\n`);
  const own = [...new Set(asked.map((place) => tests[place]!.source))].map((place) => sources[place]!);
  const pilots = own.flatMap(({ outcome, source }) => {
    if (isUnavailable(source)) return [];
    const { block, intercept, residual, kind } = source;
    const parts = [
      ...block > 0 ? [`${figure(block)} between replicates`] : [],
      ...kind === "discussions" ? [] : [`${figure(intercept)} between discussions`],
      ...source.slope > 0 ? [`${figure(source.slope)} between slopes`] : [],
      ...residual > 0 ? [`${figure(residual)} within`] : [],
    ];
    return [
      `${neutralise(outcome.name)}: ${plural(outcome.values.values.length, "value")}, variance ${
        parts.join(", ")
      }\n`,
    ];
  });
  return `${lines.join("")}pilot ${shownPath(folder)}: ${plural(observations.length, "discussion")}\n${
    pilots.map((line) => `  ${line}`).join("")
  }\n`;
}

function wanted(target: PowerTarget, effect: number | null): string {
  const size = effect === 0 ? "equivalence" : `an effect of ${effect === null ? "any size" : figure(effect)}`;
  if ("power" in target) return `${size}, to be found with a power of ${target.power}`;
  if ("halfWidth" in target) return `an interval of at most ±${target.halfWidth} for the effect`;
  return `${size}, with ${plural(target.replications, "replication")}`;
}

/** A number with enough digits to plan with. */
function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent({ share }: Share): string {
  return `${Math.round(100 * share)} %`;
}

/** The answer in one line. */
export function answerLine(answer: StudyPower, { plan: { asked, study }, hasEffects }: ShownPower): string {
  const conditions = plural(study.pilot.conditions, "condition");
  const { power, halfWidth } = summary(answer, asked, hasEffects);
  const found = power === null ? "" : `power ${power.toFixed(2)}, `;
  return `${plural(answer.replications, "replication")} in each of ${conditions} (${
    plural(answer.discussions, "discussion")
  }): ${found}interval ${halfWidth === null ? "unknown" : `±${halfWidth.toPrecision(3)}`}`;
}

const INTERVAL = { title: `${100 * LEVEL} % interval`, ...RIGHT };

function testsTable(sink: Parameters<typeof table>[0], { tests }: StudyPower, hasEffects: boolean): string {
  const hasMargin = tests.some(({ margin }) => margin !== null);
  return table(
    sink,
    [
      { title: "test" },
      ...hasEffects
        ? [{ title: "effect", ...RIGHT }, { title: "found", ...RIGHT }, INTERVAL, {
          title: "alone",
          ...RIGHT,
        }]
        : [],
      ...hasEffects && hasMargin ? [{ title: "equivalent", ...RIGHT }] : [],
      { title: "half-width", ...RIGHT },
    ],
    tests.map((test) => [
      `${neutralise(test.outcome)} by ${neutralise(test.term)}`,
      ...hasEffects
        ? [
          figure(test.effect),
          test.found.share.toFixed(2),
          intervalText(test.found),
          test.uncorrected.share.toFixed(2),
        ]
        : [],
      ...hasEffects && hasMargin ? [test.equivalent === null ? "" : test.equivalent.share.toFixed(2)] : [],
      widthText(test),
    ]),
  );
}

function widthText({ halfWidth }: Pick<TestPower, "halfWidth">): string {
  return halfWidth === null ? "" : halfWidth.toPrecision(3);
}

function intervalText({ interval: { lower, upper } }: Pick<Share, "interval">): string {
  return `${lower.toFixed(2)} to ${upper.toFixed(2)}`;
}

/** The curve: one row and one bar for each number of replications. */
function curveTable(sink: Parameters<typeof table>[0], { plan, hasEffects }: ShownPower): string {
  const { asked, curve, answer } = plan;
  const several = hasEffects && asked.length > 1;
  return table(
    sink,
    [
      { title: "replications", ...RIGHT },
      { title: "discussions", ...RIGHT },
      ...hasEffects ? [{ title: several ? "least power" : "power", ...RIGHT }, INTERVAL, { title: "" }] : [],
      ...several ? [{ title: "any", ...RIGHT }, { title: "all", ...RIGHT }] : [],
      { title: "half-width", ...RIGHT },
      { title: "" },
    ],
    curve.map((point) => {
      const { power, powerInterval, halfWidth } = summary(point, asked, hasEffects);
      return [
        formatCount(point.replications),
        formatCount(point.discussions),
        ...power === null || powerInterval === null ? [] : [
          power.toFixed(2),
          intervalText({ interval: powerInterval }),
          "█".repeat(Math.round(BAR * power)),
        ],
        ...several ? [point.any.share.toFixed(2), point.all.share.toFixed(2)] : [],
        widthText({ halfWidth }),
        !isUnavailable(answer) && point.replications === answer.replications ? "asked for" : "",
      ];
    }),
  );
}
