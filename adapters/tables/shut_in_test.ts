import assert from "node:assert/strict";
import { join } from "node:path";
import { sampleEvents } from "../../core/testing/sample_stream.ts";
import { inFolder } from "../testing/in_folder.ts";
import { QueryError } from "./duckdb.ts";
import { RunTables } from "./run_tables.ts";
import { runHolding } from "./testing/run_holding.ts";

Deno.test("shutIn() prevents SQL from using other files, extensions and settings", () =>
  inFolder(async (folder) => {
    const run = await runHolding(join(folder, "run"), { a: sampleEvents("a") });
    const log = run.store.locate!("a");
    const before = await Deno.readTextFile(log);
    await Deno.mkdir(join(folder, "db"));
    using tables = await RunTables.open(new Map([["run", run]]), {
      folder: join(folder, "db"),
      onDamage: assert.fail,
    });
    const allowed = join(folder, "allowed.csv");
    await tables.shutIn(allowed);
    const there = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    for (
      const sql of [
        `COPY comments TO '${log}'`,
        `COPY comments TO '${folder}/other.csv'`,
        `SELECT * FROM read_text('${log}')`,
        `SELECT * FROM glob('${folder}/*')`,
        `FROM '${folder}/run/manifest.json'`,
        `ATTACH '${folder}/other.db'`,
        `EXPORT DATABASE '${folder}/exported'`,
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_csv('http://localhost:1/x.csv')",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/']",
        "SET memory_limit = '1TB'",
        "RESET lock_configuration",
        `PRAGMA profiling_output = '${folder}/profile.json'`,
        `SET log_query_path = '${folder}/queries.log'`,
      ]
    ) {
      await assert.rejects(tables.rows(sql, 10), sql);
    }
    assert.equal(await Deno.readTextFile(log), before);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), there);
    assert.equal(await tables.writeAnswer("SELECT 1", allowed, { format: "csv", raw: false }), 1);
    await assert.rejects(tables.rows("SELECT nothing FROM comments", 1), (error) => {
      assert.ok(error instanceof QueryError);
      assert.match(error.message, /^Binder Error: .*"nothing"/);
      assert.doesNotMatch(error.message, /\n\n|\n +at /);
      return true;
    });
  }));
