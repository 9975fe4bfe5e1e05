/** What a plan of replications assumes, in sentences. */
import { isUnavailable } from "../../analysis/mod.ts";
import type { PilotStudy } from "../../analysis/power/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { PowerPlan } from "./plan_power.ts";
import type { ReadPilot } from "./read_pilot.ts";

/** The corrections in words. */
export const CORRECTIONS: Readonly<Record<PilotStudy["analysis"]["correction"], string>> = {
  holm: "by Holm's correction",
  "benjamini-hochberg": "by Benjamini and Hochberg's correction",
  none: "without a correction",
};

/** @param shown The plan, its pilot, and whether effects are assumed. */
export function assumptions(
  { plan, pilot, hasEffects }: Readonly<{ plan: PowerPlan; pilot: ReadPilot; hasEffects: boolean }>,
): string[] {
  const { study, asked, fromPilot, undeclared, answer } = plan;
  const { analysis, matched, tests, sources } = study.pilot;
  const { looks } = analysis;
  const own = [...new Set(asked.map((place) => tests[place]!.source))].map((place) => sources[place]!);
  const alike = own.flatMap(({ outcome, source }) =>
    isUnavailable(source) || source.kind === "discussions" || source.intercept > 0 ? [] : [outcome.name]
  );
  const kinds = new Set(own.flatMap(({ source }) => isUnavailable(source) ? [] : [source.kind]));
  const others = tests.length - asked.length;
  return [
    "The variances are as this pilot estimates them. Estimates from a small pilot are imprecise.",
    ...fromPilot
      ? [
        "CAUTION: effects are as this pilot estimates them. Effects that a small pilot shows are often too large (the " +
        "winner's curse), so the experiment may need many more replications.",
      ]
      : [],
    ...alike.map((name) =>
      `CAUTION: on ${
        neutralise(name)
      }, this pilot's discussions differ only as much as chance explains. A larger sample ` +
      "rarely shows this. If they do differ, the experiment needs many more replications than this plan says."
    ),
    `Discussions are as long as the pilot's, and the same share of their comments has values${
      leftOutText(pilot.leftOut)
    }.`,
    testsText(study.pilot),
    ...others > 0 && hasEffects
      ? [
        others === 1
          ? "The other declared test has no effect."
          : `The other ${others} declared tests have no effect.`,
      ]
      : [],
    ...undeclared.length > 0
      ? [
        `The analysis of the experiment also declares ${
          undeclared.map(neutralise).join(", ")
        }; the pilot's does not.`,
      ]
      : [],
    ...looks === undefined ? [] : [
      `It is the power at the last of the declared looks (${
        looks.map(formatCount).join(", ")
      } discussions); an earlier ` +
      "look can find an effect, too.",
    ],
    ...matched
      ? ["Conditions are matched, and discussions of a replicate resemble each other as much as the pilot's."]
      : [],
    ...kinds.has("comments")
      ? ["Values are drawn from normal distributions, so they can lie beyond the ends of the scale."]
      : [],
    ...(kinds.has("logistic") || kinds.has("ordinal")) && matched
      ? ["Log odds of discussions of a replicate are independent."]
      : [],
    ...new Set(tests.map(({ source }) => source)).size > 1 ? ["Different outcomes are independent."] : [],
    ...hasEffects && !isUnavailable(answer)
      ? [
        `The power is a share of ${formatCount(answer.simulations)} simulated experiments${
          failedText(answer.tests.map(({ failed }) => failed))
        }. ` +
        "Rows of other numbers of replications can come from fewer experiments; their intervals show it.",
      ]
      : [],
  ];
}

function leftOutText(leftOut: number): string {
  if (leftOut === 0) return "";
  return `; ${plural(leftOut, "discussion")} of the pilot that did not end ${
    leftOut === 1 ? "is" : "are"
  } left out`;
}

/** How the tests of an experiment are corrected. */
function testsText({ tests, analysis: { correction, level } }: PilotStudy): string {
  const alpha = Number((1 - level).toPrecision(3));
  return tests.length === 1
    ? `The experiment declares this test alone, and finds an effect if p < ${alpha}.`
    : `The experiment declares ${tests.length} tests, and finds an effect if p < ${alpha} ${
      CORRECTIONS[correction]
    }.`;
}

function failedText(failed: readonly number[]): string {
  const most = Math.max(0, ...failed);
  return most === 0
    ? ""
    : `. In up to ${formatCount(most)} of them a test could not be computed; these count as not found`;
}
