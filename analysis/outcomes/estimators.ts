/** Methods in words, for captions: what is estimated, and how the interval and p are computed. */
import type { TestPlan } from "./test_plans.ts";

/** The method of a test in words. */
export function estimatorOf({ method, term }: Pick<TestPlan, "method" | "term">): string {
  switch (method) {
    case "paired":
      return term.contrasts.length < 2
        ? "mean difference between matched discussions; Student's t over replicates"
        : "mean difference of differences between matched discussions; Student's t over replicates";
    case "permutation":
      return "difference of the means of discussions; p by permutation of discussions, interval by bootstrap";
    case "linear-model":
      return "linear model of one value for each discussion; Student's t with robust standard errors";
    case "mixed-model":
      return "linear mixed model with a random intercept of each discussion; REML, Student's t with Satterthwaite's degrees of freedom";
    case "logistic-mixed-model":
      return "logistic mixed model with a random intercept of each discussion; Wald's z";
    case "ordinal-mixed-model":
      return "cumulative-link mixed model with a random intercept of each discussion; Wald's z";
    default:
      return method satisfies never;
  }
}
