/** Names and lines with any characters are stored unchanged, and never become part of a statement. */
import assert from "node:assert/strict";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { inFolder } from "../../testing/in_folder.ts";
import { nativeSha256 } from "../../system.ts";
import { copyRun } from "../copy_run.ts";
import { folderRun } from "../folder_run.ts";
import { addressOfRun, parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { postgresRun } from "./postgres_run.ts";
import { databaseTest } from "./testing/database.ts";
import { until } from "../../testing/until.ts";

const TEXTS = [
  "'; drop schema syndisco cascade; --",
  '"quoted" \\ {a,b} NULL ${1} $1 %s %25 %00',
  '{"a":"\\u0000 \\ud800"}',
  "\u2028\u2029\u0085 \u202e \ufeff 👩‍👩‍👧‍👦",
  "\\",
  "null",
];

/** Asks the database directly, as its owner. */
async function asked(place: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const connection = new Connection(parseAddress(place), { max: 1, isKept: false });
  return await connection.run((sql) => sql.unsafe(statement)) as unknown as Record<string, unknown>[];
}

databaseTest(
  "the names of runs, streams, texts and people can have any characters, and so can lines",
  async (address) => {
    const places = TEXTS.map((name) => addressOfRun(`${address}/`, name));
    for (const place of places) {
      const run = await postgresRun(place).open(sampleRun());
      for (const stream of TEXTS) await run.store.append(stream, 0, [...TEXTS, stream]);
      for (const person of TEXTS) await run.store.keys!.make(person);
      await run.writeText("prices.json", TEXTS.join("\r\n"));
      await run.close();
    }
    for (const place of places) {
      const { store, readText } = await postgresRun(place).read();
      assert.deepEqual(new Set(await Array.fromAsync(store.streams())), new Set(TEXTS));
      for (const stream of TEXTS) {
        assert.deepEqual(await Array.fromAsync(store.read(stream)), [...TEXTS, stream]);
      }
      assert.deepEqual(new Set((await store.keys!.persons()).keys()), new Set(TEXTS));
      assert.equal(await readText("prices.json"), TEXTS.join("\r\n"));
    }
  },
);

databaseTest(
  "append() refuses names and lines that PostgreSQL cannot store, and stores no part of them",
  async (address) => {
    const run = await postgresRun(`${address}/sample`).open(sampleRun());
    for (const line of ["a\0b", "half \ud800"]) {
      await assert.rejects(
        run.store.append("a", 0, ["fine", line]),
        /^RangeError: .*In correct JSON they are escaped/,
      );
    }
    await assert.rejects(run.store.append("half \ud800", 0, ["fine"]), /^RangeError: Cannot store the name/);
    await assert.rejects(run.store.append("", 0, ["fine"]), /^RangeError: .*needs a name/);
    const tooLong = "x".repeat(10_000).split("").map((_, index) => String.fromCodePoint(0x4e00 + index)).join(
      "",
    );
    const appends = await Promise.allSettled([
      run.store.append("a", 0, ["fine"]),
      run.store.append(tooLong, 0, ["the name does not fit into the index"]),
      run.store.append("b", 0, ["fine"]),
    ]);
    assert.deepEqual(appends.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
    assert.deepEqual(await Array.fromAsync(run.store.streams()), ["a", "b"]);
    await run.close();
  },
);

databaseTest("long lines and many streams are read back completely", async (address) => {
  const run = await postgresRun(`${address}/sample`).open(sampleRun());
  const long = Array.from({ length: 12 }, (_, index) => `${index} ${'ä€😀\\"'.repeat(150_000)}`);
  await run.store.append("long", 0, long);
  const names = Array.from({ length: 5_000 }, (_, index) => `s${String(index).padStart(4, "0")}`);
  await Promise.all(names.map((name) => run.store.append(name, 0, [name, "2"])));
  assert.deepEqual(await Array.fromAsync(run.store.read("long")), long);
  assert.deepEqual(await Array.fromAsync(run.store.streams()), ["long", ...names]);
  const sizes = new Map((await Array.fromAsync(run.store.sizes())).map(({ stream, size }) => [stream, size]));
  assert.deepEqual([sizes.size, sizes.get("long"), sizes.get("s4999")], [5_001, 12, 2]);
  await run.close();
});

databaseTest(
  "not even the owner of the database can change events, or delete them without their whole run",
  async (address) => {
    const place = `${address}/sample`;
    for (const name of ["sample", "other"]) {
      const run = await postgresRun(`${address}/${name}`).open(sampleRun());
      await run.store.append("a", 0, ["0", "1"]);
      await run.close();
    }
    const kept = /events are never changed or deleted/;
    for (
      const statement of [
        "update syndisco.events set line = 'x'",
        "delete from syndisco.events where seq = 1",
        "truncate syndisco.events",
      ]
    ) await assert.rejects(asked(place, statement), kept, statement);
    assert.deepEqual(await Array.fromAsync((await postgresRun(place).read()).store.read("a")), ["0", "1"]);
    await asked(place, "delete from syndisco.runs where name = 'sample'");
    await assert.rejects(postgresRun(place).read(), /^RunError: Cannot open the run/);
    const [row] = await asked(
      place,
      "select count(distinct run)::int as runs, count(*)::int as events from syndisco.events",
    );
    assert.equal(row!.runs, 1);
    assert.deepEqual(await Array.fromAsync((await postgresRun(`${address}/other`).read()).store.read("a")), [
      "0",
      "1",
    ]);
  },
);

databaseTest("receive() refuses a damaged key, unless the person withdrew", async (address) => {
  await inFolder(async (folder) => {
    const from = folderRun(`${folder}/run`);
    const run = await from.open(sampleRun());
    for (const person of ["d/Ann", "d/Ben"]) await run.store.keys!.make(person);
    await run.close();
    const keyOf = (person: string) => `people/keys/${nativeSha256(person)}.json`;
    const ann = await Deno.readTextFile(`${folder}/run/${keyOf("d/Ann")}`);
    await from.withdraw("d/Ben", 0);
    await Deno.writeTextFile(`${folder}/run/${keyOf("d/Ben")}`, "\0".repeat(100));
    for (
      const damage of [
        ann.slice(0, 20),
        "null",
        "{}",
        '{"person":"d/Ann","key":"AAAA"}',
        '{"person":"d/Ann"}',
      ]
    ) {
      await Deno.writeTextFile(`${folder}/run/${keyOf("d/Ann")}`, damage);
      await assert.rejects(
        copyRun(from, postgresRun(`${address}/damaged`), { keys: true }),
        (error: Error) =>
          error.name === "RunError" && error.message.includes(`"${keyOf("d/Ann")}" is damaged`),
        damage,
      );
    }
    await Deno.writeTextFile(`${folder}/run/${keyOf("d/Ann")}`, ann);
    const to = postgresRun(`${address}/copy`);
    await copyRun(from, to, { keys: true });
    const { keys } = (await to.read()).store;
    assert.deepEqual(await keys!.look("d/Ann"), await run.store.keys!.look("d/Ann"));
    assert.equal(await keys!.look("d/Ben"), "withdrawn");
    await Deno.writeTextFile(`${folder}/run/people/withdrawn/${nativeSha256("d/Ben")}.json`, "");
    await assert.rejects(
      copyRun(from, postgresRun(`${address}/damaged`), { keys: false }),
      /^RunError: .*"people\/withdrawn\/.* is damaged/,
    );
  });
});

databaseTest("a changed description is found", async (address) => {
  const place = `${address}/sample`;
  await (await postgresRun(place).open(sampleRun())).close();
  await asked(place, "update syndisco.files set content = 'other' where name = 'experiment.yaml'");
  assert.match(
    (await postgresRun(place).read()).problems.join(),
    /is not the experiment file that was recorded/,
  );
  await assert.rejects(postgresRun(place).open(sampleRun()), /its description was changed/);
  await asked(place, "alter table syndisco.events disable trigger all");
  await asked(place, "update syndisco.events set line = replace(line, 'sample', 'simple') where stream = ''");
  await assert.rejects(postgresRun(place).read(), /its description is lost/);
});

databaseTest("a database that a newer version has set up is refused", async (address) => {
  const place = `${address}/sample`;
  await (await postgresRun(place).open(sampleRun())).close();
  await asked(place, "insert into syndisco.setup (version) values (1000)");
  for (const opening of [() => postgresRun(place).read(), () => postgresRun(place).open(sampleRun())]) {
    await assert.rejects(opening(), { name: "RunError", kind: "newer-format" });
  }
});

databaseTest(
  "a run of an older version can be read, and the owner's first command adds its tables",
  async (address) => {
    const place = `${address}/sample`;
    await (await postgresRun(place).open(sampleRun())).close();
    await asked(
      place,
      `drop table syndisco.limit_workers, syndisco.limit_states, syndisco.limit_boards;
     delete from syndisco.setup where version > 1;
     create role late login;
     grant usage on schema syndisco to late;
     grant select on all tables in schema syndisco to late`,
    );
    const url = new URL(place);
    url.username = "late";
    assert.equal((await postgresRun(url.href).read()).manifest.seed, sampleRun().manifest.seed);
    await assert.rejects(postgresRun(url.href).join(), /an older version of this program.*Let the owner/);
    await (await postgresRun(place).join()).close();
    const [tables] = await asked(
      place,
      "select to_regclass('syndisco.limit_boards') is not null as are_there",
    );
    assert.equal(tables!.are_there, true);
    await asked(place, "drop owned by late; drop role late");
  },
);

databaseTest("an address that leads nowhere is refused at once, with the reason", async (address) => {
  const { host } = new URL(address);
  for (
    const [place, reason] of [
      [`postgres://postgres@${host}/no_such_database/a`, /there is no such database\. Create it/],
      ["postgres://postgres@127.0.0.1:1/test/a", /no server answers there/],
      [
        "postgres://postgres@no-such-host.invalid/test/a",
        /Cannot open the run "postgres:.*": there is no such host|cannot be looked up/,
      ],
      [`${address}/a`, /there is no run with this name/],
    ] as const
  ) {
    await assert.rejects(
      postgresRun(place).read(),
      (error: Error) => error.name === "RunError" && reason.test(error.message),
      place,
    );
  }
  assert.throws(() => postgresRun(address), /it names no run/);
});

databaseTest("a notice that names no streams means that any stream can have grown", async (address) => {
  const place = `${address}/sample`;
  await (await postgresRun(place).open(sampleRun())).close();
  const { store } = await postgresRun(place).read();
  const told: (readonly string[] | null)[] = [];
  const following = new AbortController();
  store.onGrowth!((streams) => told.push(streams), following.signal);
  await until("the store listens", () => told.length > 0);
  const texts = ["", "x", "5", "{}", "[1]", "null", '["a"]'];
  const values = texts.map((text) => `pg_notify('syndisco_' || id, '${text}')`);
  await asked(place, `select ${values} from syndisco.runs`);
  await until("the last notice comes", () => told.at(-1) !== null);
  following.abort();
  assert.deepEqual(told, [null, ...texts.slice(0, -1).map(() => null), ["a"]]);
});
