/** `plan`: shows what an experiment would run. */
import { argument, integer, message, object, option, optional } from "../shared/optique.ts";
import { missing, path, trustCode } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { safeJson } from "../terminal/neutralise.ts";

const parser = object({
  experiment: argument(path("EXPERIMENT", "file"), { description: message`The experiment file.` }),
  show: optional(option("--show", integer({ metavar: "N", min: 1 }), {
    description:
      message`Show the N-th discussion instead: its participants, its opening comments, and its first prompt in full.`,
  })),
  trustCode: trustCode(),
  json: option("--json", { description: message`Write one JSON object.` }),
}, missing("EXPERIMENT", "the experiment file"));

export const command = defineCommand({
  parser,
  description:
    message`Shows conditions, discussions, and the number of requests to each model. Writes nothing and asks no
model. Numbers of tokens are estimates; the output says how they are estimated.`,
  example: "plan experiment.yaml",
  async run({ experiment, show, trustCode, json }, { stdout }) {
    const { load } = await import("../shared/load.ts");
    const loaded = await load(experiment, { trusted: trustCode });
    if (show !== undefined) {
      const { shownDiscussion, shownText } = await import("../plan/shown_discussion.ts");
      const shown = shownDiscussion(loaded, show);
      stdout.write(json ? `${safeJson(shown)}\n` : shownText(shown));
      return EXIT_CODES.ok;
    }
    const { planObject, planText } = await import("../plan/overview.ts");
    stdout.write(json ? `${safeJson(planObject(loaded))}\n` : planText(loaded, stdout));
    return EXIT_CODES.ok;
  },
});
