/** A server that asks for passwords. */
import assert from "node:assert/strict";
import { inFolder } from "../../testing/in_folder.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresRun } from "./postgres_run.ts";
import { databaseTestOf } from "./testing/database.ts";
import { startServer } from "./testing/server.ts";

Deno.test({
  ...databaseTestOf("a run is opened with the password in PGPASSWORD, and refused without it"),
  fn: () =>
    inFolder(async (folder) => {
      const rules = `${folder}/rules`;
      const lines = ["host all postgres 127.0.0.1/32 trust", "host all all 127.0.0.1/32 scram-sha-256", ""];
      await Deno.writeTextFile(rules, lines.join("\n"));
      await Deno.chmod(folder, 0o755);
      await using server = await startServer([`hba_file=${rules}`]);
      const address = await server.makeDatabase();
      const owner = new Connection(parseAddress(address), { max: 1, isKept: false });
      await owner.run((sql) => sql.unsafe("create role ann superuser login password 'it''s ä secret'"));
      const place = `${address.replace("//postgres@", "//ann@")}/sample`;
      const before = Deno.env.get("PGPASSWORD");
      try {
        Deno.env.set("PGPASSWORD", "it's ä secret");
        const run = await postgresRun(place).open(sampleRun());
        await run.store.append("a", 0, ["0"]);
        await run.close();
        Deno.env.set("PGPASSWORD", "hunter2");
        await assert.rejects(postgresRun(place).reopen(), (error: Error) => {
          assert.match(
            error.message,
            /^Cannot open the run "postgres:.*": the server refuses this user or this password/,
          );
          assert.ok(!error.message.includes("hunter2"));
          return error.name === "RunError";
        });
      } finally {
        if (before === undefined) Deno.env.delete("PGPASSWORD");
        else Deno.env.set("PGPASSWORD", before);
      }
    }),
});
