import assert from "node:assert/strict";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";

const ZONES = ["UTC", "Europe/Athens", "America/Sao_Paulo", "Pacific/Kiritimati"];

/** The texts of each discussion of a run, in their order. */
async function discussionsOf(run: string): Promise<string[][]> {
  return [...(await contentsOfRun(run)).values()].map((content) =>
    content.trim().split("\n").map((line) => JSON.parse(line))
      .flatMap(({ type, data }) => type === "TurnTaken" ? [data.text] : [])
  ).sort();
}

/** The texts of the only discussion of a run. */
async function textsOf(run: string): Promise<string[]> {
  const discussions = await discussionsOf(run);
  assert.equal(discussions.length, 1);
  return discussions[0]!;
}

const TABLES: Readonly<Record<string, readonly string[]>> = {
  "summer time": ["2024-03-31 03:30:00", "2024-03-31 04:10:00"],
  "winter time": ["2024-10-27 03:30:00", "2024-10-27 03:40:00"],
  "days": ["2024-03-30", "2024-03-31"],
  "offsets": ["2024-03-31T03:30+03:00", "2024-03-31T03:10+02:00"],
  "mail": ["Sun, 31 Mar 2024 03:30:00 +0300", "Sun, 31 Mar 2024 03:10:00 +0200"],
};

for (const [what, [earlier, later]] of Object.entries(TABLES)) {
  Deno.test(`import orders comments by time on machines in all time zones: ${what}`, () =>
    inFolder(async (cwd) => {
      const table = `discussion,author,text,created_at\nc1,B,second,"${later}"\nc1,A,first,"${earlier}"\n`;
      await Deno.writeTextFile(`${cwd}/t.csv`, table);
      const contents: unknown[] = [];
      for (const [place, TZ] of ZONES.entries()) {
        const out = `${cwd}/${place}/run`;
        const { code, stderr } = await runProgram(["import", "t.csv", "--out", out], { cwd, env: { TZ } });
        assert.equal(code, 0, stderr);
        assert.deepEqual(await textsOf(out), ["first", "second"], TZ);
        contents.push(await contentsOfRun(out));
      }
      for (const content of contents) assert.deepEqual(content, contents[0]);
    }));
}

Deno.test("import refuses day-first dates without --date-format, and reads them in the zone of --time-zone", () =>
  inFolder(async (cwd) => {
    const table = "discussion,author,text,date\nc1,A,said on 4 January,04/01/2024 10:00\n" +
      "c1,B,said on 3 February,03/02/2024 10:00\n";
    await Deno.writeTextFile(`${cwd}/t.csv`, table);
    const run = (out: string, ...args: string[]) =>
      runProgram(["import", "t.csv", "--out", out, ...args], {
        cwd,
        env: { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8" },
      });
    const refused = await run("refused");
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^t\.csv:2: the comments cannot be put in order: the column "date" holds "04\/01\/2024 10:00"/,
    );
    assert.match(refused.stdout, /^Imported 0 discussions /);
    for (const format of ["%d/%m/%Y %H:%M", "dd/MM/yyyy HH:mm"]) {
      const out = `${cwd}/${format.slice(0, 2)}`;
      assert.equal((await run(out, "--date-format", format, "--time-zone", "Europe/Athens")).code, 0);
      assert.deepEqual(await textsOf(out), ["said on 4 January", "said on 3 February"]);
      const [content] = (await contentsOfRun(out)).values();
      assert.deepEqual(JSON.parse(content!.split("\n")[0]!).data.imported.members.order, {
        kind: "format",
        format,
        zone: "Europe/Athens",
      });
    }
    assert.equal((await run("month", "--date-format", "%m/%d/%Y %H:%M")).code, 0);
    assert.deepEqual(await textsOf(`${cwd}/month`), ["said on 3 February", "said on 4 January"]);
    assert.equal((await run("file", "--map", "order=")).code, 0);
    assert.deepEqual(await textsOf(`${cwd}/file`), ["said on 4 January", "said on 3 February"]);
    const format = await run("none", "--date-format", "DD/MM/YYYY HH:mm");
    assert.deepEqual([format.code, format.stderr.split(":")[0]], [
      2,
      'error Cannot use the date format "DD/MM/YYYY HH',
    ]);
    const zone = await run("none", "--time-zone", "Atlantis");
    assert.deepEqual([zone.code, zone.stderr.split(":")[0]], [
      2,
      'error Cannot use the time zone "Atlantis"',
    ]);
  }));

Deno.test("import refuses files whose order has neither numbers nor dates, and imports other files", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(
      `${cwd}/a.csv`,
      "discussion,author,text,order\nc1,A,said first,1/2/49\nc1,B,said second,1/2/50\n",
    );
    await Deno.writeTextFile(
      `${cwd}/b.csv`,
      "discussion,author,text,order\nc2,A,x,turn 12\nc2,B,y,turn 13\n",
    );
    await Deno.writeTextFile(`${cwd}/c.csv`, "discussion,author,text,order\nc3,A,second,10\nc3,B,first,9\n");
    const { code, stdout, stderr } = await runProgram(["import", "a.csv", "b.csv", "c.csv", "--out", "run"], {
      cwd,
    });
    assert.equal(code, 1);
    assert.match(stderr, /^a\.csv:2: .* holds "1\/2\/49".*\nb\.csv:2: .* holds "turn 12".*\n$/);
    assert.match(stdout, /^Imported 1 discussion from 3 files/);
    assert.deepEqual(await textsOf(`${cwd}/run`), ["first", "second"]);
  }));

Deno.test("import reports a time that the time zone skips, and imports the other discussions", () =>
  inFolder(async (cwd) => {
    const table = "discussion,author,text,created_at\nc1,A,x,2024-03-31 03:30\nc1,B,y,2024-03-31 04:10\n" +
      "c2,A,second,2024-03-31 05:00\nc2,B,first,2024-03-31 02:00\n";
    await Deno.writeTextFile(`${cwd}/t.csv`, table);
    const args = ["import", "t.csv", "--out", "run", "--time-zone", "Europe/Athens"];
    const { code, stderr } = await runProgram(args, { cwd });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^t\.csv:2: its created_at is "2024-03-31 03:30", which never happens in Europe\/Athens.*"c1" is left out as a whole\n$/,
    );
    assert.deepEqual(await textsOf(`${cwd}/run`), ["first", "second"]);
  }));

const NULLS: Readonly<Record<string, string>> = {
  "null.jsonl": '{"conversation_id":"c1","speaker":"A","text":"hi","timestamp":null}\n' +
    '{"conversation_id":"c1","speaker":"B","text":"yo","timestamp":null}\n',
  "absent.jsonl":
    '{"conversation_id":"c1","speaker":"A","text":"hi"}\n{"conversation_id":"c1","speaker":"B","text":"yo"}\n',
  "blank.csv": "conversation_id,speaker,text,timestamp\nc1,A,hi,\nc1,B,yo,\n",
  "nan.csv": "conversation_id,speaker,text,timestamp\nc1,A,hi,NaN\nc1,B,yo,nan\n",
  "beside.csv":
    "conversation_id,speaker,text,timestamp\nc2,A,x,\nc1,A,hi,\nc1,B,yo,\nc2,B,y,5\nc3,A,p,2\nc3,B,q,1\n",
  "later.jsonl":
    '{"conversation_id":"c1","speaker":"A","text":"hi"}\n{"conversation_id":"c1","speaker":"B","text":"yo"}\n' +
    '{"conversation_id":"c2","speaker":"A","text":"x"}\n{"conversation_id":"c2","speaker":"B","text":"y","timestamp":1}\n' +
    '{"conversation_id":"c3","speaker":"A","text":"p","timestamp":2}\n{"conversation_id":"c3","speaker":"B","text":"q","timestamp":1}\n',
};

for (const [name, content] of Object.entries(NULLS)) {
  Deno.test(`import keeps the order of the file ${name} in discussions without times`, () =>
    inFolder(async (cwd) => {
      await Deno.writeTextFile(`${cwd}/${name}`, content);
      const { code, stderr } = await runProgram(["import", name, "--out", "run"], { cwd });
      const texts = (await discussionsOf(`${cwd}/run`)).map((each) => each.join(" "));
      if (!content.includes("c2")) {
        assert.deepEqual([code, stderr, texts], [0, "", ["hi yo"]]);
        return;
      }
      // In the second discussion, only one comment has a time.
      assert.equal(code, 1);
      assert.match(
        stderr,
        /: its timestamp is empty, but other comments .*; the discussion "c2" is left out as a whole\n$/,
      );
      assert.deepEqual(texts, ["hi yo", "q p"]);
    }));
}
