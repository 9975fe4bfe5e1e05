/** `power`: estimates how many replications an experiment needs. */
import {
  argument,
  float,
  type InferValue,
  integer,
  message,
  multiple,
  object,
  option,
  optional,
  string,
} from "../shared/optique.ts";
import { missing, path, place } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, UsageError } from "../shared/program.ts";
import type { PowerTarget } from "../../analysis/power/mod.ts";
import { safeJson } from "../terminal/neutralise.ts";

/** The default target power. */
const POWER_DEFAULT = 0.8;

/** The highest value of `--replications`. */
const REPLICATIONS_ASKED_MAX = 10_000;

/** The limits of `--simulations`. Fewer simulated experiments say too little, and more take too long. */
const [SIMULATIONS_ASKED_MIN, SIMULATIONS_ASKED_MAX] = [100, 100_000] as const;

const parser = object({
  run: argument(place("RUN"), {
    description: message`An annotated pilot run: its folder, or postgres://HOST/DATABASE/NAME.`,
  }),
  outcome: multiple(option("--outcome", string({ metavar: "NAME" }), {
    description:
      message`The outcome: a scale such as toxicity, stance=against, or a figure of whole discussions. Can be given several
times. By default, all declared outcomes.`,
  })),
  effect: multiple(option("--effect", string({ metavar: "EFFECT" }), {
    description:
      message`The difference to find: a number such as 0.5, or a number with the name of its effect, such as moderator=0.5 or
toxicity:moderator=0.5. It has the unit of the outcome (log odds for logistic and ordinal models). Can be given several
times; a declared effect for which no size is given is 0. The word pilot instead of a number means the pilot's estimate,
which is often too large.`,
  })),
  factor: optional(option("--factor", string({ metavar: "EFFECT" }), {
    description:
      message`The effect, under its name in the pilot's model: moderator[gentle], or moderator[gentle]:turn. Not needed if
there is only one, or if --effect names it.`,
  })),
  power: optional(option("--power", float({ metavar: "P" }), {
    description: message`The power to reach; by default, 0.8.`,
  })),
  halfWidth: optional(option("--half-width", float({ metavar: "W" }), {
    description:
      message`Instead of aiming at a power, find the number of replications whose interval reaches W to each side of the
effect.`,
  })),
  replications: optional(
    option("--replications", integer({ metavar: "N", min: 2, max: REPLICATIONS_ASKED_MAX }), {
      description:
        message`Show the power of N discussions in each condition, instead of searching for a number.`,
    }),
  ),
  analysis: optional(option("--analysis", path("FILE", "file"), {
    description:
      message`A YAML file with the keys of the section analysis of an experiment file; by default, the run's own
declaration.`,
  })),
  simulations: optional(
    option(
      "--simulations",
      integer({ metavar: "N", min: SIMULATIONS_ASKED_MIN, max: SIMULATIONS_ASKED_MAX }),
      {
        description:
          message`How many experiments to simulate for the answer. The default, 500, gives the power to within about 0.035. A
number of replications that is far from the answer gets a fifth of these simulations, but at least 100.`,
      },
    ),
  ),
  figures: optional(option("--figures", path("DIR", "directory"), {
    description:
      message`Also draw the curve in this folder, as SVG and as PDF, with captions and tables in power.md. Earlier figures in
the folder are replaced.`,
  })),
  json: option("--json", { description: message`Write one JSON object.` }),
}, missing("RUN", "the folder of a pilot run, such as runs/NAME"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Fits models to a pilot run, and simulates experiments with more and fewer replications from these models. Analyses
each simulated experiment as the report does, with all declared tests and their correction, and counts how many experiments
find the effect. The run's log records that results of the outcomes were seen; the logs of discussions do not change.`,
  example: "power runs/pilot --outcome toxicity --effect 0.5",
  findings: "no number of replications reaches the target",
  async run(values, { stdout, stderr }) {
    const { run: folder, outcome: outcomes, factor, analysis, json } = values;
    const { readEffect } = await import("../power/asked_effects.ts");
    const effects = values.effect.map(readEffect);
    const target = targetOf(values);
    const { FIGURES_FOLDER, fillFolder, refuseFolder } = await import("../shared/target_folder.ts");
    if (values.figures !== undefined) refuseFolder(values.figures, FIGURES_FOLDER);
    const { askedStudy, planPower } = await import("../power/plan_power.ts");
    const { readPilot } = await import("../power/read_pilot.ts");
    const { simulating } = await import("../power/simulating.ts");
    const { recordShown } = await import("../shared/looks.ts");
    const { powerObject, powerText } = await import("../power/view.ts");
    const { writePower } = await import("../power/figures.ts");
    const { figuresText } = await import("../shared/write_figures.ts");
    const { isUnavailable } = await import("../../analysis/mod.ts");
    const { SIMULATIONS } = await import("../../analysis/power/mod.ts");
    const pilot = await readPilot(folder, outcomes, analysis);
    const asked = askedStudy(folder, pilot, { outcomes, factor, effects, target });
    const { simulations = SIMULATIONS } = values;
    const plan = await simulating(
      asked.study,
      stderr,
      (simulate) => planPower(asked, { target, simulations }, simulate),
    );
    const shown = { folder, pilot, target, hasEffects: effects.length > 0, plan };
    const seen = [...new Set(asked.study.pilot.tests.map((test) => test.plan.outcome))];
    await recordShown(pilot.run, { command: "power", outcomes: seen, ended: pilot.ended }, stderr);
    const figures = values.figures === undefined
      ? null
      : await fillFolder(values.figures, FIGURES_FOLDER, (folder) => writePower(shown, folder));
    stdout.write(
      json
        ? `${safeJson({ ...powerObject(shown), ...figures === null ? {} : { figures: figures.figures } })}\n`
        : powerText(stdout, shown),
    );
    if (!json && figures !== null) stdout.write(figuresText(values.figures!, figures));
    return isUnavailable(plan.answer) ? EXIT_CODES.findings : EXIT_CODES.ok;
  },
});

function targetOf({ effect, power, halfWidth, replications }: Values): PowerTarget {
  if ([power, halfWidth, replications].filter((target) => target !== undefined).length > 1) {
    throw new UsageError("Cannot use --power, --half-width and --replications together: give one of them");
  }
  if (halfWidth !== undefined) {
    if (!(halfWidth > 0 && Number.isFinite(halfWidth))) {
      throw new UsageError(`Cannot reach a half-width of "${halfWidth}": give a number above 0`);
    }
    return { halfWidth };
  }
  if (effect.length === 0) {
    throw new UsageError("Cannot compute the power without --effect: give the difference to find");
  }
  if (replications !== undefined) return { replications };
  if (power !== undefined && !(power > 0 && power < 1)) {
    throw new UsageError(`Cannot reach a power of "${power}": give a number between 0 and 1`);
  }
  return { power: power ?? POWER_DEFAULT };
}
