/** `power`: estimates how many replications an experiment needs. */
import {
  argument,
  float,
  type InferValue,
  integer,
  message,
  object,
  option,
  optional,
  string,
} from "../shared/optique.ts";
import { missing, path, place } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, UsageError } from "../shared/program.ts";
import type { PowerTarget } from "../power/plan_power.ts";
import { safeJson } from "../terminal/neutralise.ts";

/** The default target power. */
const POWER_DEFAULT = 0.8;

/** At most this many replications can be simulated. */
const REPLICATIONS_ASKED_MAX = 10_000;

const parser = object({
  run: argument(place("RUN"), {
    description: message`An annotated pilot run: its folder, or postgres://HOST/DATABASE/NAME.`,
  }),
  outcome: option("--outcome", string({ metavar: "NAME" }), {
    description: message`The outcome: a scale such as toxicity, or stance=against.`,
  }),
  effect: optional(option("--effect", float({ metavar: "D" }), {
    description: message`The difference to find, in the unit of the outcome.`,
  })),
  factor: optional(option("--factor", string({ metavar: "EFFECT" }), {
    description:
      message`The effect, under its name in the pilot's model: moderator[gentle], or moderator[gentle]:turn. Not needed if
there is only one.`,
  })),
  power: optional(option("--power", float({ metavar: "P" }), {
    description: message`The power to reach; by default, 0.8.`,
  })),
  halfWidth: optional(option("--half-width", float({ metavar: "W" }), {
    description:
      message`Find instead the replications for an interval that reaches W to either side of the effect.`,
  })),
  replications: optional(
    option("--replications", integer({ metavar: "N", min: 2, max: REPLICATIONS_ASKED_MAX }), {
      description: message`Show instead the power of N discussions in each condition.`,
    }),
  ),
  analysis: optional(option("--analysis", path("FILE", "file"), {
    description:
      message`A YAML file with the keys of the section analysis of an experiment file; by default, the run's own
declaration.`,
  })),
  json: option("--json", { description: message`Write one JSON object.` }),
}, missing("RUN", "the folder of a pilot run, such as runs/NAME"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Simulates experiments of more and fewer replications from the mixed model of a pilot run, and counts how many
of them find the effect. The run's log records that results of the outcome were seen; the logs of discussions do not
change.`,
  example: "power runs/pilot --outcome toxicity --effect 0.5",
  findings: "no number of replications reaches the target",
  async run(values, { stdout, stderr }) {
    const { run: folder, outcome, factor, effect, analysis, json } = values;
    const target = targetOf(values);
    const { planPower, readPilot } = await import("../power/plan_power.ts");
    const { recordShown } = await import("../shared/looks.ts");
    const { powerObject, powerText } = await import("../power/view.ts");
    const { isUnavailable } = await import("../../analysis/mod.ts");
    const pilot = await readPilot(folder, analysis);
    const plan = planPower(folder, pilot, { outcome, coefficient: factor, effect: effect ?? null, target });
    const shown = { folder, pilot, target, plan };
    await recordShown(pilot.run, { command: "power", outcomes: [outcome], ended: pilot.ended }, stderr);
    stdout.write(json ? `${safeJson(powerObject(shown))}\n` : powerText(stdout, shown));
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
  if (effect === undefined || !Number.isFinite(effect)) {
    throw new UsageError("Cannot compute the power without --effect: give the difference to find");
  }
  if (replications !== undefined) return { replications };
  if (power !== undefined && !(power > 0 && power < 1)) {
    throw new UsageError(`Cannot reach a power of "${power}": give a number between 0 and 1`);
  }
  return { power: power ?? POWER_DEFAULT };
}
