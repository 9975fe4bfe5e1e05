/** The curve of a plan as figures, with the sentences and tables that stand beside them. */
import { join } from "node:path";
import { isUnavailable, LEVEL } from "../../analysis/mod.ts";
import { reached, type Share, type StudyPower } from "../../analysis/power/mod.ts";
import type { Column, Figure, Report } from "../../analysis/report/mod.ts";
import { decimalsFor } from "../../analysis/report/numbers.ts";
import { nameOfRun } from "../../adapters/stores/mod.ts";
import { writeFigures, type WrittenFigures } from "../shared/write_figures.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import { assumptions, CORRECTIONS } from "./assumptions.ts";
import { answerLine, effectLine, type ShownPower } from "./view.ts";

/** The captions and tables of the figures. */
const CAPTIONS_FILE = "power.md";

const X = "replications (discussions in each condition)";

/** Writes the figures of a plan into a folder, with a file of captions and tables. */
export async function writePower(
  shown: ShownPower,
  folder: string,
): Promise<WrittenFigures> {
  const { reportMarkdown } = await import("../../adapters/report/markdown.ts");
  const report = powerReport(shown);
  const written = await writeFigures(report, folder);
  const text = reportMarkdown(report, "The plots are the SVG and PDF files beside this file.");
  await Deno.writeTextFile(join(folder, CAPTIONS_FILE), text);
  return written;
}

/** Makes a report of the curve, with its captions, its tables and its assumptions. */
export function powerReport(shown: ShownPower): Report {
  const { plan: { answer, asked, curve }, folder, hasEffects } = shown;
  const text = isUnavailable(answer)
    ? `No number of replications is found: ${answer.unavailable}.`
    : `${answerLine(answer, shown)}.`;
  return {
    title: "Power of an experiment",
    subtitle: `Simulated from the pilot ${nameOfRun(folder)}`,
    isFull: true,
    sections: [{
      id: "power",
      title: "Power and number of replications",
      blocks: [
        { kind: "list", items: asked.map((place) => effectLine(place, shown)) },
        { kind: "paragraph", text },
        ...curve.length > 0 && hasEffects ? [powerFigure(shown)] : [],
        ...curve.some(({ tests }) => asked.some((place) => tests[place]!.halfWidth !== null))
          ? [halfWidthFigure(shown)]
          : [],
        { kind: "heading", title: "This assumes" },
        { kind: "list", items: assumptions(shown) },
      ],
    }],
  };
}

/**
 * A series of points. `name` names a test; `at` gives the share of experiments in which the test reaches its
 * goal.
 */
type Curve = Readonly<{ name: string; at: (power: StudyPower) => Share }>;

function powerFigure(shown: ShownPower): Figure {
  const { plan: { asked, curve, study }, target } = shown;
  const { tests } = study.pilot;
  const curves: Curve[] = asked.map((place) => ({
    name: testName(shown, place),
    at: ({ tests }) => reached(tests[place]!),
  }));
  if (asked.length > 1) curves.push({ name: "all of these", at: ({ all }) => all });
  const reachable = "power" in target ? target.power : null;
  const estimators = [...new Set(asked.map((place) => tests[place]!.estimator))];
  const goals = new Set(asked.map((place) => curve[0]!.tests[place]!.goal));
  const shows = goals.has("equivalence")
    ? goals.has("effect") ? "find the effect, or show equivalence," : "show equivalence"
    : "find the effect";
  return {
    kind: "figure",
    title: "Power by number of replications",
    alt: `Power by number of replications. ${
      curves.map(({ name, at }) =>
        `${name}: ${
          curve.map((point) => `${at(point).share.toFixed(2)} at ${formatCount(point.replications)}`).join(
            ", ",
          )
        }`
      ).join("; ")
    }.`,
    estimator:
      `A point is the share of simulated experiments that ${shows} at a level of ${levelOf(shown)}. ${
        simulationsText(curve)
      } The experiments come from the models of the pilot, and are analysed by: ${
        estimators.join("; or ")
      }. ` +
      `Bars are ${
        100 * LEVEL
      } % intervals (Wilson) for the number of experiments alone: they do not show how ` +
      "precise the pilot is.",
    plot: {
      kind: "curve",
      x: X,
      y: "power: share of experiments",
      range: [0, 1],
      target: reachable === null ? null : { name: `target: ${reachable}`, y: reachable },
      series: curves.map(({ name, at }) => ({
        name,
        points: curve.map((point) => {
          const { share, interval } = at(point);
          return { x: point.replications, y: share, interval };
        }),
      })),
    },
    table: {
      id: "power",
      title: "Power by number of replications",
      note: "",
      columns: [
        ...NUMBERS,
        { key: "simulations", title: "Experiments", format: { kind: "count" } },
        { key: "test", title: "Test", format: { kind: "text" } },
        { key: "power", title: "Power", format: { kind: "number", decimals: 3 } },
        { key: "interval", title: "Interval", format: { kind: "number", decimals: 3 } },
      ],
      rows: curve.flatMap((point) =>
        curves.map(({ name, at }) => {
          const { share, interval } = at(point);
          return {
            cells: [point.replications, point.discussions, point.simulations, name, share, interval],
          };
        })
      ),
    },
  };
}

const NUMBERS: readonly Column[] = [
  { key: "replications", title: "Replications", format: { kind: "count" } },
  { key: "discussions", title: "Discussions", format: { kind: "count" } },
];

function halfWidthFigure(shown: ShownPower): Figure {
  const { plan: { asked, curve, study }, target } = shown;
  const wanted = "halfWidth" in target ? target.halfWidth : null;
  const units = [...new Set(asked.map((place) => study.pilot.tests[place]!.unit))];
  const rows = curve.flatMap((point) =>
    asked.flatMap((place) => {
      const { halfWidth, halfWidthInterval } = point.tests[place]!;
      return halfWidth === null ? [] : [{ point, place, halfWidth, halfWidthInterval }];
    })
  );
  const decimals = decimalsFor(rows.map(({ halfWidth }) => halfWidth));
  const estimators = [...new Set(asked.map((place) => study.pilot.tests[place]!.estimator))];
  return {
    kind: "figure",
    title: "Width of the interval by number of replications",
    alt: `Half-width of the interval by number of replications. ${
      asked.map((own) => {
        const points = rows.filter(({ place }) => place === own).map(({ point, halfWidth }) =>
          `${halfWidth.toPrecision(3)} at ${formatCount(point.replications)}`
        );
        return `${testName(shown, own)}: ${points.join(", ")}`;
      }).join("; ")
    }.`,
    estimator:
      `A point is the mean of half the width of the ${100 * study.pilot.analysis.level} % interval of the ` +
      `effect, over simulated experiments. ${
        simulationsText(curve)
      } The experiments come from the models of the ` +
      `pilot, and are analysed by: ${estimators.join("; or ")}. Bars are ${
        100 * LEVEL
      } % intervals of this mean for ` +
      "the number of experiments alone: they do not show how precise the pilot is.",
    plot: {
      kind: "curve",
      x: X,
      y: `half-width of the interval, ${
        units.map((unit) => unit === "log-odds" ? "log odds" : "unit of the outcome").join(" or ")
      }`,
      target: wanted === null ? null : { name: `target: ±${wanted}`, y: wanted },
      series: asked.map((own) => ({
        name: testName(shown, own),
        points: rows.filter(({ place }) => place === own).map(({ point, halfWidth, halfWidthInterval }) => ({
          x: point.replications,
          y: halfWidth,
          interval: halfWidthInterval,
        })),
      })),
    },
    table: {
      id: "half-width",
      title: "Width of the interval by number of replications",
      note: "",
      columns: [
        ...NUMBERS,
        { key: "test", title: "Test", format: { kind: "text" } },
        { key: "half_width", title: "Half-width", format: { kind: "number", decimals } },
        {
          key: "interval",
          title: "Interval of the mean",
          format: { kind: "number", decimals: decimals + 1 },
        },
      ],
      rows: rows.map(({ point, place, halfWidth, halfWidthInterval }) => ({
        cells: [
          point.replications,
          point.discussions,
          testName(shown, place),
          halfWidth,
          halfWidthInterval,
        ],
      })),
    },
  };
}

/** A test with the effect that is assumed for it. */
function testName({ plan: { study }, hasEffects }: ShownPower, place: number): string {
  const { plan: { outcome, term }, unit } = study.pilot.tests[place]!;
  const effect = hasEffects ? `, effect ${Number(study.effects[place]!.toPrecision(3))}` : "";
  return `${outcome} by ${term.name}${effect}${unit === "log-odds" && hasEffects ? " log odds" : ""}`;
}

function levelOf({ plan: { study } }: ShownPower): string {
  const { tests, analysis: { level, correction } } = study.pilot;
  const alpha = String(Number((1 - level).toPrecision(3)));
  return tests.length === 1
    ? alpha
    : `${alpha} ${CORRECTIONS[correction]} over ${plural(tests.length, "test")}`;
}

function simulationsText(curve: readonly StudyPower[]): string {
  const counts = curve.map(({ simulations }) => simulations);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most
    ? `Each point comes from ${plural(most, "experiment")}.`
    : `Points come from ${formatCount(least)} to ${plural(most, "experiment")}.`;
}
