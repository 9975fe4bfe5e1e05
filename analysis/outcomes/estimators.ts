/** Describes methods in words for captions: what is estimated, and how the interval and p are computed. */
import type { OutcomeModel } from "./outcome_models.ts";
import type { TestPlan } from "./test_plans.ts";

/**
 * The method of a test in words.
 *
 * @param model The model that the figures come from; `null` if they come from none.
 */
export function estimatorOf(
  { method, term, slopes }: Pick<TestPlan, "method" | "term" | "slopes">,
  model: OutcomeModel | null,
): string {
  switch (method) {
    case "paired":
      return term.contrasts.length < 2
        ? "mean difference between matched discussions; Student's t over replicates"
        : "mean difference of differences between matched discussions; Student's t over replicates";
    case "permutation":
      return "linear model of the discussions at these levels; p by permutation of residuals (Freedman and Lane), within " +
        "replicates if conditions are matched; interval by Student's t with robust standard errors (CR2)";
    default:
      return modelEstimator(model ?? { method, isMatched: false, ...slopes ? { slopes } : {} });
  }
}

/** A model in words. */
export function modelEstimator(
  { method, slopes, isMatched }: Readonly<
    Pick<OutcomeModel, "isMatched"> & { method: OutcomeModel["method"]; slopes?: true }
  >,
): string {
  const intercepts = `random intercepts of ${isMatched ? "replicates and discussions" : "discussions"}`;
  const robust = `Student's t with standard errors that are robust by ${
    isMatched ? "replicates" : "discussions"
  } (CR2)`;
  switch (method) {
    case "linear-model":
      return `linear model of one value for each discussion${
        isMatched ? ", with an effect of each replicate" : ""
      }; ${robust}`;
    case "mixed-model":
      return `linear mixed model with ${intercepts}${
        slopes ? ", and a random slope of each discussion" : ""
      }; REML, Student's t with Satterthwaite's degrees of freedom`;
    case "logistic-mixed-model":
      return `logistic mixed model with random intercepts of discussions; ${robust}`;
    case "ordinal-mixed-model":
      return `cumulative-link mixed model with random intercepts of discussions; ${robust}`;
    default:
      return method satisfies never;
  }
}
