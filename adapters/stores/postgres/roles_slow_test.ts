/** The roles that the documentation gives to an administrator have the privileges that they need, and no others. */
import assert from "node:assert/strict";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { openPostgresQueue } from "../../queues/postgres_queue.ts";
import { parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresLimitBoard } from "./limit_board.ts";
import { postgresRun } from "./postgres_run.ts";
import { databaseTest } from "./testing/database.ts";

const PAGE = new URL("../../../docs/how_to/set_up_a_database.md", import.meta.url);

const LOOK = { command: "report", outcomes: null, finished: 1, planned: 1 };

function connectionOf(place: string) {
  const { pathname, hostname, port, username } = new URL(place);
  return { host: hostname, port: Number(port), user: username, database: pathname.split("/")[1]! };
}

async function asked(place: string, statements: string): Promise<void> {
  const connection = new Connection(parseAddress(place), { max: 1, isKept: false });
  await connection.run((sql) => sql.unsafe(statements));
}

/**
 * Makes a run, the roles of the documentation, and a user for each role. Returns the place of the run for each
 * user.
 */
async function prepared(
  address: string,
): Promise<Readonly<{ reader: string; worker: string; owner: string }>> {
  const run = await postgresRun(`${address}/sample`).open(sampleRun());
  await run.store.append("a", 0, ["0"]);
  await run.store.keys!.make("d/Ann");
  await run.close();
  const queue = await openPostgresQueue({ database: connectionOf(address), run: "sample" });
  await queue.add("run", [{ stream: "a", lane: "any" }, { stream: "b", lane: "any" }]);
  await queue.close();
  const [, statements] = /```sql\n(create role[^`]*)```/.exec(await Deno.readTextFile(PAGE))!;
  const as = (user: string) => `${address.replace("//postgres@", `//${user}@`)}/sample`;
  const users = { reader: `reader_${crypto.randomUUID()}`, worker: `worker_${crypto.randomUUID()}` };
  // Roles belong to all databases of a server, and each test makes them again.
  await asked(
    address,
    `drop role if exists syndisco_reader, syndisco_worker; ${statements}
    create role "${users.reader}" login in role syndisco_reader;
    create role "${users.worker}" login in role syndisco_worker;`,
  );
  return { reader: as(users.reader), worker: as(users.worker), owner: `${address}/sample` };
}

databaseTest(
  "a reader and a worker can do their work, and neither can change or delete an event",
  async (address) => {
    const { reader, worker, owner } = await prepared(address);

    const read = await postgresRun(reader).read();
    assert.deepEqual(await Array.fromAsync(read.store.read("a")), ["0"]);
    assert.deepEqual([read.problems, await postgresRun(reader).holders()], [[], []]);
    assert.equal(await read.store.keys!.look("d/Ann"), null);
    const refused = /^RunError: Cannot .* this user does not have the privilege\. Ask the administrator/;
    await assert.rejects(postgresRun(reader).reopen(), refused);
    await assert.rejects(postgresRun(reader).join(), refused);
    await assert.rejects(postgresRun(reader).recordLook(LOOK, 0), refused);

    const run = await postgresRun(worker).join({ run: sampleRun() });
    await run.claim("a");
    await run.store.append("a", 1, ["1"]);
    await run.claim("b");
    await run.store.append("b", 0, ["0"]);
    await run.unclaim("b");
    await run.record({ type: "ResultsViewed", data: LOOK }, 0);
    await run.writeText("annotations/mood.yaml", "pass: mood");
    await run.appendText("people/ratings/mood.1.jsonl", "{}");
    assert.ok(await run.store.keys!.look("d/Ann") instanceof Uint8Array);
    await run.close();
    await (await postgresRun(worker).reopen()).close();
    const queue = await openPostgresQueue({ database: connectionOf(worker), run: "sample" });
    await (await queue.take("run", { signal: AbortSignal.timeout(10_000) }))!.done();
    await (await queue.take("run", { signal: AbortSignal.timeout(10_000) }))!.failed("no model");
    assert.deepEqual(await queue.counts("run"), { waiting: 0, active: 0, done: 1, failed: 1 });
    await queue.close();
    const board = postgresLimitBoard(worker);
    await board.exchange({ worker: "w", nth: 1, requestMs: 1_000, limits: {}, pauses: {} });
    await board.leave("w");
    await board.close();
    await postgresRun(worker).withdraw("d/Ann", 0);
    await assert.rejects(postgresRun(worker.replace(/sample$/, "other")).open(sampleRun()), refused);

    for (const place of [reader, worker]) {
      for (
        const statement of [
          "update syndisco.events set line = 'x'",
          "delete from syndisco.events",
          "truncate syndisco.events",
          "delete from syndisco.runs",
          "update syndisco.runs set name = 'x'",
          "drop table syndisco.events",
          "alter table syndisco.events disable trigger all",
        ]
      ) await assert.rejects(asked(place, statement), /permission denied|must be owner/, statement);
    }
    await assert.rejects(asked(reader, "select key from syndisco.person_keys"), /permission denied/);
    await assert.rejects(
      asked(reader, "insert into syndisco.events values (1, 'a', 9, 'x')"),
      /permission denied/,
    );
    const { store } = await postgresRun(owner).read();
    assert.deepEqual(await Array.fromAsync(store.read("a")), ["0", "1"]);
  },
);

databaseTest(
  "make() fails for a user who may write keys but not read them",
  async (address) => {
    const place = `${address}/sample`;
    await (await postgresRun(place).open(sampleRun())).close();
    const user = `writer_${crypto.randomUUID()}`;
    await asked(
      place,
      `create role "${user}" login; grant usage on schema syndisco to "${user}";
    grant select on syndisco.setup, syndisco.runs, syndisco.events, syndisco.files to "${user}";
    grant insert on syndisco.person_keys to "${user}"`,
    );
    const { store } = await postgresRun(place.replace("//postgres@", `//${user}@`)).read();
    await assert.rejects(
      store.keys!.make("d/Ann"),
      /^StoreError: Cannot make a key for "d\/Ann": .* privilege to read keys/,
    );
  },
);
