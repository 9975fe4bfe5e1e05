/** Plans the number of replications of an experiment from a pilot run. */
import {
  isUnavailable,
  nominalLevel,
  type Power,
  powerOf,
  type PowerQuestion,
  replicationsFor,
  type Unavailable,
  unavailable,
} from "../../analysis/mod.ts";
import {
  factorLevels,
  type Observation,
  observationByLabel,
  observe,
  type Outcome,
  outcomesOf,
  type PilotModel,
  pilotOf,
  scalesOf,
} from "../../analysis/outcomes/mod.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import { nearest } from "../../core/experiment/problems.ts";
import { UsageError } from "../shared/program.ts";
import { nameOfRun } from "../../adapters/stores/mod.ts";
import { readSlots } from "../../analysis/projections/mod.ts";
import {
  ANALYSIS_DEFAULT,
  analysisByLabel,
  type AnalysisDesign,
  byLabel,
  type FactorLabels,
  mergedLabels,
  pathsByLabel,
  resolvedDesign,
} from "../../core/experiment/mod.ts";
import { loadAnalysis } from "../shared/load.ts";
import { openRunLogs } from "../shared/logs.ts";

/** The target of the plan: a power, a half-width of the interval, or a number of replications. */
export type PowerTarget =
  | Readonly<{ power: number }>
  | Readonly<{ halfWidth: number }>
  | Readonly<{ replications: number }>;

type PowerRequest = Readonly<{
  outcome: string;
  /** The coefficient's name; `undefined` if there is only one. */
  coefficient: string | undefined;
  /** The true effect, in the unit of the outcome; `null` if only the interval matters. */
  effect: number | null;
  target: PowerTarget;
}>;

/** A plan of replications. */
export type PowerPlan = Readonly<{
  outcome: string;
  coefficient: string;
  effect: number | null;
  model: PilotModel;
  matched: boolean;
  /** The power with the number of replications that reaches the target or was asked for, or why there is none. */
  answer: Power | Unavailable;
  /** The power with other numbers of replications; see `SHARES`. */
  around: readonly Power[];
}>;

/** A fixed seed, so that equal pilots and questions have equal answers. */
const SEED = "power";

/** The other numbers of replications, as shares of the answer's number. */
const SHARES = [0.25, 0.5, 0.75, 1.5] as const;

/** The fewest replications that can be simulated. */
const REPLICATIONS_MIN = 2;

/**
 * Plans the replications of an experiment.
 *
 * @param folder The pilot's folder, for messages.
 * @throws {UsageError} When the pilot is too small, or does not have the outcome or effect.
 */
export function planPower(folder: string, pilot: ReadPilot, request: PowerRequest): PowerPlan {
  const { observations, analysis, order } = pilot;
  const outcome = chosenOutcome(folder, pilot, request.outcome);
  const { main, throughTurns, matched } = pilotOf(outcome, observations, analysis, order);
  if (isUnavailable(main)) {
    throw new UsageError(
      `Cannot plan from "${folder}": ${main.unavailable}. ` +
        "Give a pilot with at least two completed, annotated discussions of each condition",
    );
  }
  const models = isUnavailable(throughTurns) ? [main] : [main, throughTurns];
  const coefficient = request.coefficient === undefined
    ? onlyCoefficient(main)
    : coefficientNamed(request.coefficient, models, pilot.labels);
  const model = models.find(({ fit }) => namesOf(fit).includes(coefficient));
  if (model === undefined) throw noCoefficient(coefficient, models);
  const { effect, target } = request;
  const question: PowerQuestion = {
    pilot: model.data,
    coefficient,
    // The width of an interval does not depend on the effect.
    effect: effect ?? 0,
    seed: SEED,
    model: { level: 1 - limitOf(analysis) },
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

/** The p value below which a test finds an effect. If looks are declared, this is the p value at the last look. */
export function limitOf({ looks, level }: Pick<AnalysisDesign, "looks" | "level">): number {
  const alpha = 1 - level;
  return looks === undefined ? alpha : nominalLevel(looks.map((look) => look / looks.at(-1)!), alpha);
}

function chosenOutcome(folder: string, { observations, analysis }: ReadPilot, name: string): Outcome {
  const [outcome] = outcomesOf(observations, { ...analysis, outcomes: [name] });
  const isThere = outcome!.values.some((values) => values.length > 0);
  if (isThere && outcome!.unit === "comment") return outcome!;
  const known = outcomesOf(observations, { ...analysis, outcomes: [] })
    .filter(({ unit }) => unit === "comment").map((other) => other.name);
  const reason = isThere
    ? "a figure of whole discussions has no mixed model to simulate from"
    : `no completed discussion of "${folder}" has a value of this outcome`;
  const meant = isThere ? undefined : nearest(name, known);
  const hint = meant !== undefined
    ? `did you mean "${meant}"?`
    : known.length > 0
    ? `its comments are annotated on ${known.join(", ")}`
    : "its comments have no annotations: run annotate on it first";
  throw new UsageError(`Cannot plan for the outcome "${name}": ${reason}; ${hint}`);
}

function namesOf({ coefficients }: PilotModel["fit"]): readonly string[] {
  return coefficients.slice(1).map(({ name }) => name);
}

/** A coefficient by its name, in which factors can have their paths in place of their labels. */
function coefficientNamed(written: string, models: readonly PilotModel[], labels: FactorLabels): string {
  const byPath = (name: string) =>
    Object.entries(labels).reduce((text, [path, label]) => text.replaceAll(`${label}[`, `${path}[`), name);
  const names = models.flatMap(({ fit }) => namesOf(fit));
  return names.find((name) => name === written) ?? names.find((name) => byPath(name) === written) ?? written;
}

function onlyCoefficient({ fit }: PilotModel): string {
  const names = namesOf(fit);
  if (names.length === 1) return names[0]!;
  if (names.length === 0) {
    throw new UsageError(
      "Cannot plan an effect: all discussions of the pilot have the same condition. Give a pilot with two or more conditions",
    );
  }
  throw new UsageError(
    `Cannot choose among the effects: name one of them with --factor: ${names.join(", ")}`,
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

/** A pilot run. */
export type ReadPilot = Readonly<{
  run: RunReader;
  /** The completed discussions, and the number of the others. */
  observations: readonly Observation[];
  leftOut: number;
  /** How many discussions have ended. */
  ended: number;
  analysis: AnalysisDesign;
  /** The labels of factors. The other members name factors by their labels. */
  labels: FactorLabels;
  /** Factor → its levels in the order of the experiment file; empty for imported discussions. */
  order: Readonly<Record<string, readonly string[]>>;
}>;

/**
 * Reads a run. Its texts are not measured, because power is simulated from annotations.
 *
 * @param place The place of the run.
 * @param analysisFile A file with the planned analysis; the run's own analysis when left out.
 * @throws The errors of `openRunLogs()`, of its logs and of `loadAnalysis()`.
 */
export async function readPilot(place: string, analysisFile: string | undefined): Promise<ReadPilot> {
  const { run: reader, discussions, events } = await openRunLogs(place);
  const { manifest } = reader;
  const run = nameOfRun(place);
  const labels = mergedLabels([manifest.factorLabels ?? {}]);
  const all: Observation[] = [];
  for await (const discussion of discussions()) {
    const slots = await readSlots(events(discussion));
    if (slots === null) continue;
    const observation = await observe(run, slots, () => Promise.resolve(NOT_MEASURED));
    all.push(observationByLabel(observation, labels));
  }
  const order = byLabel(resolvedDesign(manifest.resolved).levels, labels);
  const observations = all.filter(({ end }) => end === "completed");
  const analysis = analysisFile === undefined
    ? analysisByLabel(manifest.analysis ?? ANALYSIS_DEFAULT, labels)
    : await loadAnalysis(analysisFile, {
      factors: factorLevels(all, order),
      otherNames: pathsByLabel(labels),
      scales: scalesOf(all),
    });
  const ended = all.filter(({ end }) => end !== "unfinished").length;
  return {
    run: reader,
    observations,
    leftOut: all.length - observations.length,
    ended,
    analysis,
    labels,
    order,
  };
}

const NO_FIGURES = {
  diversity: unavailable("it was not measured"),
  wordsCompared: null,
  distinct2: unavailable("it was not measured"),
};

const NOT_MEASURED = { participants: NO_FIGURES, moderators: NO_FIGURES, all: NO_FIGURES };
