/** `validate`: lists all problems of an experiment file. */
import { argument, message, object, option } from "../shared/optique.ts";
import { missing, place, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import { plannedTotals } from "../plan/estimate.ts";

const parser = object({
  experiment: argument(place("EXPERIMENT", "any"), {
    description: message`The experiment file, or a run: its folder, or postgres://HOST/DATABASE/NAME.`,
  }),
  trust: trust(),
  json: option("--json", { description: message`Write one JSON object.` }),
}, missing("EXPERIMENT", "the experiment file"));

export const command = defineCommand({
  parser,
  description:
    message`Checks the experiment file and the files that it names, for all combinations of the factors' levels.
Lists all problems at once, as FILE:LINE:COLUMN. Writes nothing and asks no model.`,
  example: "validate experiment.yaml",
  async run({ experiment, trust, json }, { stdout }) {
    const { load } = await import("../shared/load.ts");
    const { ExperimentError } = await import("../../core/experiment/mod.ts");
    try {
      const { analysedPlan } = await import("../plan/overview.ts");
      const { analysisLine, analysisWarnings: warnOfTests } = await import("../plan/analysis_line.ts");
      const loaded = await load(experiment, { lookForModels: true, trusted: trust, code: "if-trusted" });
      const { plan, left, experiment: { analysis, factors } } = loaded;
      const conditions = plan.conditions.length;
      const { discussions, turns } = plannedTotals(plan);
      const counts = [
        plural(conditions, "condition"),
        plural(discussions, "discussion"),
        plural(turns, "turn"),
      ];
      const declared = analysisLine({ analysis, factors });
      const { sameConditions: found, sameConditionsText } = await import("../prompts/same_conditions.ts");
      const sameConditions = found(loaded);
      const { templateWarnings: warn, warningsText } = await import(
        "../prompts/template_warnings.ts"
      );
      const templateWarnings = warn(loaded);
      const { countPeople, peopleWarnings: warnOfPeople } = await import("../people/people_plan.ts");
      const people = countPeople(loaded);
      const peopleWarnings = warnOfPeople(loaded, people);
      const analysisWarnings = warnOfTests(analysedPlan(loaded));
      const { notRunText } = await import("../shared/run_rules.ts");
      const notRun = [...left.keys()];
      stdout.write(
        json
          ? `${
            safeJson({
              valid: true,
              conditions,
              discussions,
              turns,
              sameConditions,
              templateWarnings,
              ...(people === null ? {} : { peopleWarnings }),
              analysis,
              ...analysis === null ? {} : { analysisWarnings },
              notRun,
            })
          }\n`
          : `${neutralise(experiment)}: valid: ${counts.join(", ")}\n${
            declared === null ? "" : `${declared}\n`
          }${sameConditionsText(sameConditions)}${
            warningsText([...templateWarnings, ...peopleWarnings, ...analysisWarnings])
          }${notRunText(notRun)}`,
      );
      return EXIT_CODES.ok;
    } catch (error) {
      if (!json || !(error instanceof ExperimentError)) throw error;
      stdout.write(`${safeJson({ valid: false, problems: error.problems })}\n`);
      return EXIT_CODES.usage;
    }
  },
});
