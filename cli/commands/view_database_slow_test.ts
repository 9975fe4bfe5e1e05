/** `view` of a run in a database, while other processes write to it. */
import assert from "node:assert/strict";
import { databaseTest } from "../../adapters/stores/postgres/testing/database.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment } from "../testing/experiments.ts";
import { ended, startProgram } from "../testing/processes.ts";
import { countOf, startView, until } from "../testing/viewing.ts";

databaseTest(
  "view shows a run in a database as soon as it begins, and follows it to its end",
  (database) =>
    inFolder(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/e.yaml`, experiment("{ adapter: scripted, latencyMs: [300, 400] }"));
      const place = `${database}/tiny`;
      const viewing = await startView([place]);
      try {
        assert.match(viewing.printed(), /There is no run at \S+ yet; the page shows it as soon as it begins/);
        const running = startProgram(["run", "e.yaml", "--store", database, "--quiet"], { cwd });
        // A fast machine can end the run before the page asks.
        await until(
          viewing,
          (overview) => ["in flight", "completed"].some((it) => countOf(overview, it) > 0),
        );
        const { code, stderr } = await ended(running);
        assert.equal(code, 0, stderr);
        await until(viewing, (overview) => countOf(overview, "completed") === 3);
        const [facts] = await viewing.ask("runs");
        assert.deepEqual([facts.name, facts.experiment, facts.problems], ["tiny", "tiny", []]);
        const { rows } = await viewing.ask("list", { query: {} });
        assert.deepEqual(rows.map(({ turns }: { turns: number }) => turns), [4, 4, 4]);
        const { discussion } = rows[0];
        const { events, isEnd } = await viewing.ask("events", { run: "tiny", discussion, from: 0 });
        assert.deepEqual([events[0].type, isEnd], ["DiscussionOpened", true]);
      } finally {
        assert.equal((await viewing.stop()).code, 0, viewing.printed());
      }
    }),
);
