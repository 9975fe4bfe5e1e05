/**
 * Finds problems in the keys `looks`, `model` and `margin` of an analysis, and declared tests that can never be
 * computed.
 */
import type { Scale } from "../annotation/scales/mod.ts";
import {
  COMMENT_MODELS,
  type CommentModel,
  isMetric,
  isTextMetric,
  type KnownScale,
  modelsFor,
  ORDINAL_VALUES_MAX,
  readOutcomeName,
  scaleNamed,
  type WhoseComments,
  whoseComments,
} from "./analysis_design.ts";
import { type Finding, listed, mismatch, quoted, suggesting } from "./problems.ts";

/**
 * Problems of `looks`.
 *
 * @param discussions The number of planned discussions; `null` if it is unknown.
 */
export function lookFindings(looks: readonly unknown[], discussions: number | null): readonly Finding[] {
  const numbers = looks.filter((look) => typeof look === "number");
  if (numbers.length < looks.length) return [];
  const wrong = numbers.findIndex((look, index) => index > 0 && look <= numbers[index - 1]!);
  if (wrong !== -1) {
    return [mismatch([wrong], `a number above ${numbers[wrong - 1]}, which comes before it`, numbers[wrong])];
  }
  const last = numbers.at(-1);
  if (last === undefined || discussions === null || discussions <= last) return [];
  const message = `the design plans ${discussions} discussions, but the last look is at ${last}: ` +
    "it is the most that the run may have";
  return [{ path: [numbers.length - 1], message }];
}

/**
 * Problems of `model`: outcome → model.
 *
 * @param outcomes The declared outcomes.
 */
export function modelFindings(
  written: Readonly<Record<string, unknown>>,
  outcomes: readonly unknown[],
  scales: readonly KnownScale[],
): readonly Finding[] {
  return Object.entries(written).flatMap(([name, model]): readonly Finding[] => {
    if (!outcomes.includes(name)) return [undeclared(name, outcomes)];
    if (isMetric(name)) {
      const message =
        "a figure of whole discussions is always tested in a linear model of discussions: leave it out here";
      return [{ path: [name], part: "key", message }];
    }
    const scale = scaleOf(name, scales)?.scale;
    if (scale === undefined || modelsFor(scale).includes(model as CommentModel)) return [];
    return isModel(model) ? [{ path: [name], message: misfit(scale, model) }] : [];
  });
}

/** The scale that an outcome names; `undefined` if it names none, or an unknown one. */
function scaleOf(outcome: string, scales: readonly KnownScale[]): KnownScale | undefined {
  const name = readOutcomeName(outcome);
  return name === null || "metric" in name ? undefined : scaleNamed(name, scales);
}

function isModel(model: unknown): model is CommentModel {
  return (COMMENT_MODELS as readonly unknown[]).includes(model);
}

function misfit(scale: Scale, model: CommentModel): string {
  const fitting = listed(modelsFor(scale));
  switch (model) {
    case "linear":
      return "a linear model fits every scale";
    case "ordinal":
      return `an ordinal model needs an ordinal scale of at most ${ORDINAL_VALUES_MAX} values: expected ${fitting}`;
    case "logistic":
      return `a logistic model needs a boolean scale or a label: expected ${fitting}`;
  }
}

/**
 * Problems of `margin`: outcome → margin.
 *
 * @param outcomes The declared outcomes.
 */
export function marginFindings(
  written: Readonly<Record<string, unknown>>,
  outcomes: readonly unknown[],
): readonly Finding[] {
  return Object.keys(written).filter((name) => !outcomes.includes(name))
    .map((name) => undeclared(name, outcomes));
}

function undeclared(name: string, outcomes: readonly unknown[]): Finding {
  const names = outcomes.filter((outcome) => typeof outcome === "string");
  const there = names.length === 0 ? "it declares none" : `expected ${listed(names)}`;
  const message = `the analysis declares no outcome ${quoted(name)}: ${there}`;
  return suggesting({ path: [name], part: "key", message }, name, names);
}

/** The parts of an experiment that decide whether its declared tests can be computed. */
export type Testability = Readonly<{
  outcomes: readonly unknown[];
  scales: readonly KnownScale[];
  /** Whether some discussions have a moderator. */
  isModerated: boolean;
  effects: readonly (readonly string[])[];
  comments: WhoseComments;
  commentsOf?: Readonly<Record<string, WhoseComments>>;
  /**
   * Factor → its levels with a moderator, its levels without one, and the level that the others are compared
   * with.
   */
  factors: Readonly<
    Record<
      string,
      Readonly<{
        moderated: readonly string[];
        unmoderated: readonly string[];
        reference: string | undefined;
      }>
    >
  >;
}>;

/** Finds declared tests that no run of this experiment can compute. */
export function untestableFindings(of: Testability): readonly Finding[] {
  return of.outcomes.flatMap((name, at) => [
    ...unannotatedFindings(at, of),
    ...needsModerator(name, of) ? silentFindings(at, of) : [],
  ]);
}

/** Finds an outcome that counts only comments which its pass does not annotate. */
function unannotatedFindings(at: number, of: Testability): readonly Finding[] {
  const name = String(of.outcomes[at]);
  const scale = scaleOf(name, of.scales);
  const whose = whoseComments(of, [name]);
  const { targets = "all" } = scale ?? {};
  if (targets === "all" || whose === "all" || targets === whose) return [];
  const message =
    `${quoted(name)} counts only comments of ${whose}, but the pass annotates only comments of ` +
    `${targets}: change "comments" here, or "targets" in the section "annotation"`;
  return [{ path: [at], message }];
}

/** Whether an outcome has values only if there is a moderator. */
function needsModerator(name: unknown, of: Testability): boolean {
  if (name === "intervention-rate") return true;
  return whoseComments(of, [String(name)]) === "moderators" && (isTextMetric(name) || !isMetric(name));
}

function silentFindings(
  at: number,
  { outcomes, isModerated, effects, factors }: Testability,
): readonly Finding[] {
  const only = `only moderators have values of ${quoted(String(outcomes[at]))}, and`;
  if (!isModerated) {
    const message = `${only} no discussion has a moderator: leave out this outcome, or add a moderator`;
    return [{ path: [at], message }];
  }
  for (const name of new Set(effects.flat())) {
    const { moderated = [], unmoderated = [], reference } = factors[name] ?? {};
    const isAlone = moderated.length < 2;
    if (unmoderated.length === 0 || (!isAlone && !unmoderated.includes(reference!))) continue;
    const why = isAlone
      ? `${quoted(name)} has ${moderated.length === 0 ? "no" : "only one"} level with a moderator: ` +
        `leave out this outcome, or declare effects without ${quoted(name)}`
      : `discussions at the reference ${quoted(reference!)} of ${quoted(name)} have no moderator: ` +
        "choose another reference, or leave out this outcome";
    return [{ path: [at], message: `${only} ${why}` }];
  }
  return [];
}
