import assert from "node:assert/strict";
import { needsServer } from "../../adapters/stores/postgres/testing/server.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { chaos } from "./chaos.ts";
import { CAN_SKEW } from "./chaos/crew.ts";

/** The number of disturbances, so that each kind comes once. */
const ROUNDS = 8;

Deno.test({
  ...needsServer(
    "workers that die, freeze and lose the database make the logs of an undisturbed process, and write only to their own logs",
  ),
  // Connections stay open for a moment after their last use.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    inFolder(async (folder) => {
      // On CI, nothing is left out.
      assert.ok(CAN_SKEW || Deno.env.get("CI") !== "true", "the clocks are equal: apt-get install faketime");
      const { events, takeOvers, runs, rounds, workers, zombies, ...disturbances } = await chaos(folder, {
        rounds: ROUNDS,
        seed: 1,
        workers: 4,
        replications: 8,
      });
      assert.equal(rounds, ROUNDS);
      assert.deepEqual(new Set(Object.values(disturbances)), new Set([1]));
      assert.ok(takeOvers > 0 && events > 0 && zombies + runs + workers > 0);
    }),
});
