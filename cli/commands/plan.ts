/** `plan`: shows what an experiment would run. */
import { argument, integer, message, object, option, optional } from "../shared/optique.ts";
import { missing, place, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, UsageError } from "../shared/program.ts";
import { safeJson } from "../terminal/neutralise.ts";

const parser = object({
  experiment: argument(place("EXPERIMENT", "any"), {
    description: message`The experiment file, or a run: its folder, or postgres://HOST/DATABASE/NAME.`,
  }),
  show: optional(option("--show", integer({ metavar: "N", min: 1 }), {
    description:
      message`Show the N-th discussion instead: its participants, opening comments, scripted interventions, and first prompt in full.`,
  })),
  trust: trust(),
  json: option("--json", { description: message`Write one JSON object.` }),
}, missing("EXPERIMENT", "the experiment file"));

export const command = defineCommand({
  parser,
  description:
    message`Shows conditions, discussions, and the number of requests to each model. Writes nothing and asks no
model. Numbers of tokens are estimates; the output says how they are estimated.`,
  example: "plan experiment.yaml",
  async run({ experiment, show, trust, json }, { stdout }) {
    const { load } = await import("../shared/load.ts");
    const loaded = await load(experiment, { trusted: trust, code: "if-trusted" });
    const { notRunText, TRUST } = await import("../shared/run_rules.ts");
    const notRun = [...loaded.left.keys()];
    if (show !== undefined) {
      if (notRun.length > 0) {
        throw new UsageError(
          `Cannot show discussion "${show}": it may need code that came with the run, and that you have not run before: ` +
            `${notRun.join(", ")}. Read the code, then give ${TRUST}`,
        );
      }
      const { factorLabels } = await import("../../core/experiment/mod.ts");
      const { shownDiscussion, shownText } = await import("../prompts/shown_discussion.ts");
      const shown = shownDiscussion(loaded, show);
      stdout.write(json ? `${safeJson(shown)}\n` : shownText(shown, factorLabels(loaded.experiment)));
      return EXIT_CODES.ok;
    }
    const { planObject, planText } = await import("../plan/overview.ts");
    stdout.write(
      json
        ? `${safeJson({ ...planObject(loaded), notRun })}\n`
        : planText(loaded, stdout) + notRunText(notRun),
    );
    return EXIT_CODES.ok;
  },
});
