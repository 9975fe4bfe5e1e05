import assert from "node:assert/strict";
import { join } from "node:path";
import { readStream } from "../../core/engine/mod.ts";
import { peopleOf } from "../../core/run_log/mod.ts";
import { postgresRun } from "../stores/postgres/mod.ts";
import { databaseTest } from "../stores/postgres/testing/database.ts";
import { until } from "../testing/until.ts";
import { nativeSha256 } from "../system.ts";
import { inFolder } from "../testing/in_folder.ts";
import { EXPERIMENT, Start, takePart } from "./testing/taking_part.ts";

databaseTest(
  "people take part in a run in a database, also after the run's process was killed",
  (database) =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "experiment.yaml"), EXPERIMENT);
      await Deno.writeTextFile(join(folder, "consent.md"), "You can stop at any time.\n");
      const home = postgresRun(`${database}/killed`);
      const hasWords = async () => {
        const run = await home.read().catch(() => null);
        if (run === null) return false;
        for await (const { size } of run.store.sizes()) if (size > 1) return true;
        return false;
      };
      const first = new Start(folder, ["--store", database]);
      const answering = takePart(first);
      await until("words of a person are stored", () => {
        assert.ok(!first.hasEnded, "the process has ended");
        return hasWords();
      });
      first.child.kill("SIGKILL");
      const saved = new Set(await answering);
      const last = new Start(folder, ["--store", database]);
      for (const text of await takePart(last)) saved.add(text);
      assert.equal((await last.child.status).code, 0);
      const { log, store } = await home.read();
      assert.ok(log.kind === "kept");
      assert.deepEqual([...peopleOf(log.log).agreed.values()].map(({ length }) => length), [1, 1]);
      const said: string[] = [];
      const rated: unknown[] = [];
      for await (const stream of store.streams()) {
        for await (const line of store.read(stream)) assert.doesNotMatch(line, /Words after/);
        for await (const { type, data } of readStream(store, stream, nativeSha256)) {
          if (type === "TurnTaken" && "text" in data) said.push(String(data.text));
          if (type === "CommentAnnotated" && "values" in data) rated.push(data.values);
        }
      }
      assert.deepEqual(said, [1, 2, 3].map((comments) => `Words after ${comments} comments.`));
      for (const text of saved) assert.ok(said.includes(text), text);
      assert.deepEqual(rated, Array(4).fill({ toxicity: 2 }));
    }),
);
