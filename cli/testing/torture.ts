/** Kills the program as often as one likes, and checks what came of it. Usage: [--kills N] [--seed N] */
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { formatDuration, plural } from "../terminal/numbers.ts";
import { torture } from "./killed_runs.ts";
import { numberOptions, say } from "./number_options.ts";

const { kills, seed } = numberOptions({ kills: 300, seed: 0 });
const halves = [["script", Math.ceil(kills / 2)], ["server", Math.floor(kills / 2)]] as const;
for (const [answering, share] of halves) {
  await inFolder(async (folder) => {
    const startedMs = performance.now();
    const { runs, kills, events } = await torture(folder, { kills: share, seed, answering });
    say(
      `${plural(kills, "kill")} of ${plural(runs, "run")}, answered by a ${answering}: all ${
        plural(events, "event")
      } as in an undisturbed run, in ${formatDuration(performance.now() - startedMs)}`,
    );
  });
}
