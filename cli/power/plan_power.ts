/** How many replications an experiment needs, by a pilot. */
import {
  isUnavailable,
  type Power,
  powerOf,
  type PowerQuestion,
  replicationsFor,
  type Unavailable,
} from "../../analysis/mod.ts";
import { type Outcome, outcomesOf, type PilotModel, pilotOf } from "../../analysis/outcomes/mod.ts";
import { nearest } from "../../core/experiment/problems.ts";
import { UsageError } from "../shared/program.ts";
import type { ReadPilot } from "./read_pilot.ts";

/** What is wanted of the experiment. */
export type PowerTarget =
  | Readonly<{ power: number }>
  | Readonly<{ halfWidth: number }>
  | Readonly<{ replications: number }>;

/** What is asked. */
export type PowerRequest = Readonly<{
  outcome: string;
  /** The coefficient's name; `undefined` for the only one. */
  coefficient: string | undefined;
  /** What it truly is, in the unit of the outcome; `null` where only the interval is asked for. */
  effect: number | null;
  target: PowerTarget;
}>;

/** What was found. */
export type PowerPlan = Readonly<{
  outcome: string;
  coefficient: string;
  effect: number | null;
  model: PilotModel;
  matched: boolean;
  /** What reaches the target, or what the replications that were asked for tell; or why there is no such number. */
  answer: Power | Unavailable;
  /** Fewer replications, and half as many more. */
  around: readonly Power[];
}>;

/** Equal pilots and questions give equal answers. */
const SEED = "power";

/** The replications that are shown beside the answer, as its shares. */
const SHARES = [0.25, 0.5, 0.75, 1.5] as const;

/** The fewest replications that can be simulated. */
const REPLICATIONS_MIN = 2;

/**
 * Plans an experiment.
 *
 * @param folder The pilot's folder, for messages.
 * @param pilot The pilot.
 * @param request What is asked.
 * @throws {UsageError} When the pilot does not tell, or the request names what it does not have.
 */
export function planPower(folder: string, pilot: ReadPilot, request: PowerRequest): PowerPlan {
  const { observations, analysis, order } = pilot;
  const outcome = chosenOutcome(folder, pilot, request.outcome);
  const { main, throughTurns, matched } = pilotOf(outcome, observations, analysis, order);
  if (isUnavailable(main)) {
    throw new UsageError(
      `Cannot plan from "${folder}": ${main.unavailable}. ` +
        "Give a pilot with two completed discussions or more of each condition, whose comments are judged",
    );
  }
  const models = isUnavailable(throughTurns) ? [main] : [main, throughTurns];
  const coefficient = request.coefficient ?? onlyCoefficient(main);
  const model = models.find(({ fit }) => namesOf(fit).includes(coefficient));
  if (model === undefined) throw noCoefficient(coefficient, models);
  const { effect, target } = request;
  const question: PowerQuestion = {
    pilot: model.data,
    coefficient,
    // How wide an interval is does not depend on what is inside.
    effect: effect ?? 0,
    seed: SEED,
    model: { level: analysis.level },
  };
  const answer = "replications" in target
    ? powerOf(question, target.replications)
    : replicationsFor(question, target);
  const numbers = isUnavailable(answer)
    ? []
    : SHARES.map((share) => Math.round(share * answer.replications)).filter((number) =>
      number >= REPLICATIONS_MIN && number !== answer.replications
    );
  const around = [...new Set(numbers)].flatMap((replications) => {
    const power = powerOf(question, replications);
    return isUnavailable(power) ? [] : [power];
  });
  return { outcome: request.outcome, coefficient, effect, model, matched, answer, around };
}

function chosenOutcome(folder: string, { observations, analysis }: ReadPilot, name: string): Outcome {
  const [outcome] = outcomesOf(observations, { ...analysis, outcomes: [name] });
  const isThere = outcome!.values.some((values) => values.length > 0);
  if (isThere && outcome!.unit === "comment") return outcome!;
  const known = outcomesOf(observations, { ...analysis, outcomes: [] })
    .filter(({ unit }) => unit === "comment").map((other) => other.name);
  const reason = isThere
    ? "a figure of whole discussions has no mixed model to simulate from"
    : `no completed discussion of "${folder}" has a value of it`;
  const meant = isThere ? undefined : nearest(name, known);
  const hint = meant !== undefined
    ? `did you mean "${meant}"?`
    : known.length > 0
    ? `its comments are judged by ${known.join(", ")}`
    : "its comments are not judged: give it to annotate first";
  throw new UsageError(`Cannot plan for the outcome "${name}": ${reason}; ${hint}`);
}

function namesOf({ coefficients }: PilotModel["fit"]): readonly string[] {
  return coefficients.slice(1).map(({ name }) => name);
}

function onlyCoefficient({ fit }: PilotModel): string {
  const names = namesOf(fit);
  if (names.length === 1) return names[0]!;
  if (names.length === 0) {
    throw new UsageError(
      "Cannot plan an effect: all discussions of the pilot are of one condition. Give a pilot with two or more",
    );
  }
  throw new UsageError(
    `Cannot choose among the effects: say with --factor which is meant, ${names.join(", ")}`,
  );
}

function noCoefficient(name: string, models: readonly PilotModel[]): UsageError {
  const names = [...new Set(models.flatMap(({ fit }) => namesOf(fit)))];
  const meant = nearest(name, names);
  const hint = meant === undefined ? `it has ${names.join(", ")}` : `did you mean "${meant}"?`;
  return new UsageError(
    `Cannot plan the effect "${name}": the pilot's model has no such coefficient; ${hint}`,
  );
}
