/** Says problems of the branches' experiment file in words of the command line, because the user did not write this file. */
import { BRANCH } from "../../core/experiment/branch.ts";
import { resolvePath } from "../../core/experiment/factor_paths.ts";
import { type ExperimentError, formatProblem, type Problem } from "../../core/experiment/mod.ts";
import { UsageError } from "../shared/program.ts";

/** What was forked: the run, the branches' experiment file, and the paths of the changes. */
type Forked = Readonly<{ run: string; file: unknown; paths: readonly string[] }>;

/** How a message ends if only the changed branches have the problem. */
const WHEN_CHANGED = ` (when ${BRANCH.factor} is ${BRANCH.changed})`;

/** The error with all problems, each with the option that causes it. */
export function forkProblems({ problems }: ExperimentError, forked: Forked): UsageError {
  return new UsageError(problems.map((problem) => sentenceOf(problem, forked)).join("\n"));
}

function sentenceOf(problem: Problem, { run, file, paths }: Forked): string {
  const { path, suggestion } = problem;
  if (path === "") return `Cannot fork "${run}": ${formatProblem(problem)}`;
  const meant = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
  const message = problem.message.replace(WHEN_CHANGED, "") + meant;
  const cause = paths.find((one) => {
    const resolved = resolvePath(one, file);
    const set = "steps" in resolved ? resolved.steps.join(".") : one;
    return isWithin(path, set) || isWithin(set, path);
  });
  if (cause !== undefined) {
    const within = path.length > cause.length && isWithin(path, cause) ? `${path}: ` : "";
    return `Cannot set "${cause}": ${within}${message}`;
  }
  if (isWithin(path, `design.factors.${BRANCH.factor}`)) return `Cannot use --set: ${message}`;
  const start = problem.message.endsWith(WHEN_CHANGED) ? "Cannot use --set" : `Cannot fork "${run}"`;
  return `${start}: ${path}: ${message}`;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}
