/**
 * Checks commands that write to a run in a database, and their messages for addresses that cannot be used.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { runAt } from "../../adapters/stores/mod.ts";
import { parseAddress } from "../../adapters/stores/postgres/address.ts";
import { Connection } from "../../adapters/stores/postgres/connection.ts";
import { databaseTest } from "../../adapters/stores/postgres/testing/database.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { annotationFile } from "../testing/experiments.ts";
import { peopledRun } from "../testing/people.ts";
import { runHere, runProgram } from "../testing/processes.ts";
import { ratedRun, succeeds } from "../testing/rated_run.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

databaseTest(
  "a run in a database is resumed, annotated, read again and forked, and still verifies",
  (database) =>
    inFolder(async (cwd) => {
      const [place, branches] = [`${database}/rated`, `${database}/branches`];
      await succeeds("copy", await ratedRun(cwd), place);
      await Deno.writeTextFile(join(cwd, "a.yaml"), annotationFile());
      const lines = [
        ["run", place, "--trust", "--quiet"],
        ["annotate", place, "--with", "a.yaml", "--pass", "again"],
        ["reparse", place, "--with", "a.yaml", "--pass", "again", "--as", "later"],
        ["fork", place, "--discussion", "none.r0001", "--at", "2", "--out", branches, "--trust", "--quiet"],
      ];
      for (const line of lines) {
        const { code, stdout, stderr } = await runProgram(line, { cwd });
        assert.equal(code, 0, `${line.join(" ")}: ${stdout}${stderr}`);
        if (line.includes("--quiet")) assert.doesNotMatch(stdout + stderr, /operations log/);
        if (line[0] !== "annotate") continue;
        const [, log] = /The operations log of this process is (\S+\.jsonl)/.exec(stdout + stderr)!;
        assert.match(await Deno.readTextFile(join(cwd, log!)), /"annotation begins"/);
      }
      for (const run of [place, branches]) assert.match(await succeeds("verify", run), /all unchanged/);
      await succeeds("replay", branches, "--verify", "--trust");
      const passes = ["query", place, "select distinct pass from annotations order by all", "--csv"];
      assert.equal(await succeeds(...passes), "pass\nagain\nlater\nmood\n");
    }),
);

databaseTest(
  "a person withdraws from a run in a database, and a copy without keys has no words",
  (database) =>
    inFolder(async (cwd) => {
      const { run, persons } = await peopledRun(cwd);
      const ann = persons.find((person) => person.endsWith("/Ann"))!;
      const [place, sealed] = [`${database}/peopled`, `${database}/sealed`];
      const words = async (run: string) => {
        const text = await succeeds(
          "query",
          run,
          "select count(*) from comments where text like 'I confess%'",
          "--csv",
        );
        return Number(text.split("\n")[1]);
      };
      assert.match(await succeeds("copy", run, sealed), /Left out: \d+ keys of people/);
      assert.equal(await words(sealed), 0);
      assert.match(await succeeds("copy", run, place, "--with-keys"), /CAUTION: the copy has/);
      const before = await words(place);
      assert.ok(before > 0);
      const { code, stdout, stderr } = await runHere("withdraw", place, ann, "--yes");
      assert.equal(code, 1, stdout + stderr);
      assert.match(stdout, /Backups of the database/);
      const after = await words(place);
      assert.ok(after < before, `${after} of ${before}`);
      // The folder is another copy of the run, and its keys were not deleted.
      assert.equal(await words(run), before);
      await succeeds("copy", place, join(cwd, "back"), "--with-keys");
      assert.equal(await words(join(cwd, "back")), after);
      assert.match(await succeeds("verify", place), /all unchanged/);
    }),
);

databaseTest(
  "copy refuses a place with a run, a run in use and a changed run, and leaves nothing",
  (database) =>
    inFolder(async (cwd) => {
      const folder = await ratedRun(cwd);
      const [place, other] = [`${database}/rated`, `${database}/other`];
      await succeeds("copy", folder, place);
      const refused = async (from: string, to: string, message: RegExp) => {
        const { code, stderr } = await runHere("copy", from, to);
        assert.equal(code, 3, stderr);
        assert.match(stderr, message);
      };
      await refused(folder, place, /^error Cannot copy a run to ".*rated": there is a run with this name/);
      await refused(
        place,
        folder,
        /^error Cannot copy a run to ".*rated": it exists and is not an empty folder/,
      );
      const writer = await (await runAt(place)).reopen();
      await refused(place, join(cwd, "back"), /it is in use by process/);
      await writer.close();
      await Deno.writeTextFile(join(folder, "experiment.yaml"), "# changed\n", { append: true });
      await refused(folder, other, /is not the experiment file that was recorded\. Check it with verify/);
      assert.match((await runHere("status", other)).stderr, /there is no run with this name/);
      assert.deepEqual([...Deno.readDirSync(cwd)].filter(({ name }) => name.includes("back")), []);
    }),
);

databaseTest(
  "verify finds lines that an administrator changed or deleted in the database",
  (database) =>
    inFolder(async (cwd) => {
      const folder = await ratedRun(cwd);
      const [changed, cut] = [`${database}/changed`, `${database}/cut`];
      for (const place of [changed, cut]) await succeeds("copy", folder, place);
      const connection = new Connection(parseAddress(changed), { max: 1, isKept: false });
      await connection.run(async (sql) => {
        const firstOf = async (name: string) => {
          const [row] = await sql`
          select run, min(stream) as stream from syndisco.events join syndisco.runs on runs.id = run
          where name = ${name} and stream <> '' group by run`;
          return [row!.run, row!.stream] as const;
        };
        await sql`alter table syndisco.events disable trigger keep_events`;
        const [run, stream] = await firstOf("changed");
        await sql`
        update syndisco.events set line = replace(line, '"data"', '"date"')
        where run = ${run} and stream = ${stream} and seq = 4`;
        const [other, log] = await firstOf("cut");
        await sql`delete from syndisco.events where run = ${other} and stream = ${log} and seq > 3`;
      });
      await connection.end();
      const verified = await runHere("verify", changed);
      assert.equal(verified.code, 1, verified.stderr);
      assert.match(verified.stdout, /changed, \S+:5: byte \d+: /);
      const refused = await runHere("verify", changed, "--repair");
      assert.equal(refused.code, 3, refused.stdout);
      assert.match(refused.stderr, /never changed\. Copy the run to a folder, repair/);
      // These commands follow the remedy that the message names.
      const [broken, repaired] = [join(cwd, "broken"), `${database}/repaired`];
      assert.equal((await runHere("copy", changed, broken)).code, 1);
      await succeeds("verify", broken, "--repair");
      await succeeds("copy", broken, repaired);
      // A log that has only lost its end is repaired in the database itself.
      assert.match((await runHere("verify", cut)).stdout, /1 damaged/);
      await succeeds("verify", cut, "--repair");
      assert.match(await succeeds("verify", cut), /1 shortened by an earlier repair/);
    }),
);

databaseTest(
  "an address that cannot be used gives one message with the remedy, without a password",
  async (database) => {
    const { port } = new URL(database);
    const server = `127.0.0.1:${port}`;
    const cases: readonly (readonly [address: string, message: RegExp])[] = [
      [`${database}/none`, /there is no run/],
      ["postgres://127.0.0.1:1/lab/pilot", /no server answers there\. Start PostgreSQL/],
      [`postgres://postgres@${server}/lab/pilot`, /there is no such database\. Create it with createdb/],
      [
        `postgres://stranger@${server}/postgres/pilot`,
        /refuses this user or this password\. Put the password/,
      ],
      ["postgres://ann:marzipan@127.0.0.1/lab/pilot", /contains a password.* PGPASSWORD/],
      [database, /it names no run\. Add its name/],
      ["postgres://127.0.0.1:x/lab/pilot", /it is not valid\. Write it as/],
    ];
    for (const [address, message] of cases) {
      for (const command of ["status", "verify", "report"]) {
        const { code, stdout, stderr } = await runHere(command, address);
        assert.equal(code, 3, address);
        assert.match(stderr, /^error Cannot [^\n]*\n$/);
        assert.match(stderr, message);
        assert.doesNotMatch(stdout + stderr, /marzipan/);
      }
    }
  },
);

databaseTest(
  "without permission for the network, a command names the task for databases",
  async (database) => {
    const [, flags] = /deno run (.*) cli\/main.ts/.exec(config.tasks.status)!;
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags!.split(" "), "cli/main.ts", "status", `${database}/rated`],
      cwd: PROJECT,
    }).output();
    assert.equal(code, 3);
    assert.match(new TextDecoder().decode(stderr), /^error Cannot open the run .*"deno task db"/);
  },
);
