/** `status`: shows the progress of a run. */
import { argument, message, object, option } from "../shared/optique.ts";
import { missing, place, runPlace } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { safeJson } from "../terminal/neutralise.ts";

const parser = object({
  run: argument(place("RUN"), { description: runPlace }),
  json: option("--json", { description: message`Write one JSON object.` }),
}, missing("RUN", "a run's folder, such as runs/NAME"));

export const command = defineCommand({
  parser,
  description:
    message`Reads the logs and changes nothing; the run can be in progress. Lists damaged logs, and counts the
others.`,
  example: "status runs/first-experiment",
  findings: "some logs are damaged",
  async run({ run: place, json }, { stdout }) {
    const { runAt } = await import("../../adapters/stores/mod.ts");
    const { priceLookUp } = await import("../../adapters/local/price_look_up.ts");
    const { readPrices } = await import("../../adapters/local/run_prices.ts");
    const { openRunLogs } = await import("../shared/logs.ts");
    const { readLogs } = await import("../shared/read_logs.ts");
    const { StatusTally } = await import("../../analysis/projections/mod.ts");
    const { AskedPeople } = await import("../people/asked_people.ts");
    const { readRaterStatus } = await import("../status/raters.ts");
    const { statusObject, statusText } = await import("../status/view.ts");
    const opened = await openRunLogs(place);
    const { run } = opened;
    const tally = new StatusTally(priceLookUp(await readPrices(run)));
    const asked = new AskedPeople();
    await readLogs(opened, [tally, asked]);
    const logs = tally.status();
    const home = await runAt(place);
    const status = {
      folder: place,
      manifest: run.manifest,
      holders: await home.holders(),
      paused: await home.pausedModels(),
      logs,
      raters: await readRaterStatus(run, asked.raters),
    };
    stdout.write(json ? `${safeJson(statusObject(status))}\n` : statusText(status, stdout));
    return logs.damagedCount > 0 ? EXIT_CODES.findings : EXIT_CODES.ok;
  },
});
