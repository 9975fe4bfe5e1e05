/** `validate`: lists all problems of an experiment file. */
import { argument, message, object, option } from "../shared/optique.ts";
import { missing, path, trustCode } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import { plannedTotals } from "../plan/estimate.ts";

const parser = object({
  experiment: argument(path("EXPERIMENT", "file"), { description: message`The experiment file.` }),
  trustCode: trustCode(),
  json: option("--json", { description: message`Write one JSON object.` }),
}, missing("EXPERIMENT", "the experiment file"));

export const command = defineCommand({
  parser,
  description:
    message`Checks the experiment file and the files that it names, for all combinations of the factors' levels.
Lists all problems at once, as FILE:LINE:COLUMN. Writes nothing and asks no model.`,
  example: "validate experiment.yaml",
  async run({ experiment, trustCode, json }, { stdout }) {
    const { load } = await import("../shared/load.ts");
    const { ExperimentError } = await import("../../core/experiment/mod.ts");
    try {
      const { analysisLine } = await import("../plan/overview.ts");
      const { plan, experiment: { analysis, factors } } = await load(experiment, {
        lookForModels: true,
        trusted: trustCode,
      });
      const conditions = plan.conditions.length;
      const { discussions, turns } = plannedTotals(plan);
      const counts = [
        plural(conditions, "condition"),
        plural(discussions, "discussion"),
        plural(turns, "turn"),
      ];
      const declared = analysisLine({ analysis, factors });
      stdout.write(
        json
          ? `${safeJson({ valid: true, conditions, discussions, turns, analysis })}\n`
          : `${neutralise(experiment)}: valid: ${counts.join(", ")}\n${
            declared === null ? "" : `${declared}\n`
          }`,
      );
      return EXIT_CODES.ok;
    } catch (error) {
      if (!json || !(error instanceof ExperimentError)) throw error;
      stdout.write(`${safeJson({ valid: false, problems: error.problems })}\n`);
      return EXIT_CODES.usage;
    }
  },
});
