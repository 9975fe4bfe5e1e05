import assert from "node:assert/strict";
import { RunError } from "../../core/run_log/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { inFolder } from "../testing/in_folder.ts";
import { examplePath, exampleText, PYTHON_2_0 } from "../formats/testing/python_examples.ts";
import { readConditionRule } from "../formats/condition_rule.ts";
import { ImportStopped } from "./import_problems.ts";
import { eventsOfRun, imported } from "./testing/importing.ts";

const OLD_RUNS = examplePath("old_runs");

/** A table with the interleaved rows of many discussions. */
function mixed(discussions: number, comments: number): string {
  let table = "conversation_id,speaker,text,timestamp\n";
  for (let at = 0; at < comments; at++) {
    for (let id = 0; id < discussions; id++) table += `c${id},u${at % 3},comment ${at},${comments - at}\n`;
  }
  return table;
}

Deno.test("importDiscussions() makes a run folder, and describes the import in its manifest", () =>
  inFolder(async (folder) => {
    const { outcome, problems } = await imported([OLD_RUNS], `${folder}/run`);
    assert.deepEqual(problems, []);
    assert.deepEqual([outcome.discussions, outcome.entries, outcome.files], [2, 22, 2]);
    const { manifest, experimentText } = await folderRun(`${folder}/run`).read();
    assert.equal(experimentText, null);
    assert.deepEqual(manifest.experiment, { name: "run", file: null, sha256: null });
    assert.deepEqual(manifest.plan, { discussions: 2, conditions: 2, replications: 1 });
    assert.deepEqual(Object.keys(manifest.sources).map((name) => name.split("/").slice(0, -1).join("/")), [
      "old_runs/moderated",
      "old_runs/open",
    ]);
    assert.equal(manifest.analysis, undefined);
    const streams = [...(await eventsOfRun(`${folder}/run`)).keys()];
    assert.match(streams[0]!, /^moderated\.r0001\.[0-9a-f]{16}$/);
    assert.match(streams[1]!, /^open\.r0001\.[0-9a-f]{16}$/);
    assert.deepEqual([...Deno.readDirSync(`${folder}/run`)].map(({ name }) => name).sort(), [
      "discussions",
      "manifest.json",
      "run.lock",
    ]);
  }));

Deno.test("importDiscussions() skips discussions that it imported before, even from a renamed file", () =>
  inFolder(async (folder) => {
    await imported([OLD_RUNS], `${folder}/run`);
    const before = await eventsOfRun(`${folder}/run`);
    await Deno.mkdir(`${folder}/elsewhere`);
    await Deno.copyFile(examplePath(PYTHON_2_0), `${folder}/elsewhere/copy.json`);
    const { outcome } = await imported([OLD_RUNS, `${folder}/elsewhere`], `${folder}/run`);
    assert.deepEqual([outcome.discussions, outcome.alreadyThere], [0, 3]);
    assert.deepEqual(await eventsOfRun(`${folder}/run`), before);
  }));

Deno.test("importDiscussions() numbers a condition's new discussions after those already in the folder", () =>
  inFolder(async (folder) => {
    await imported([OLD_RUNS], `${folder}/run`);
    const other = JSON.parse(exampleText(PYTHON_2_0));
    await Deno.mkdir(`${folder}/moderated`);
    await Deno.writeTextFile(`${folder}/moderated/b.json`, JSON.stringify({ ...other, id: "another" }));
    await imported([`${folder}/moderated`], `${folder}/run`);
    const streams = [...(await eventsOfRun(`${folder}/run`)).keys()];
    assert.deepEqual(streams.map((stream) => stream.replace(/\.[0-9a-f]+$/, "")), [
      "moderated.r0001",
      "moderated.r0002",
      "open.r0001",
    ]);
  }));

Deno.test("importDiscussions() reports the files that it cannot import, and imports the others", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    const good = JSON.parse(exampleText(PYTHON_2_0));
    await Deno.writeTextFile(`${folder}/in/a.json`, '{\n "logs": [\n  }');
    await Deno.writeTextFile(`${folder}/in/b.json`, JSON.stringify({ ...good, id: "b" }));
    await Deno.writeTextFile(`${folder}/in/c.json`, JSON.stringify({ ...good, id: "b", logs: [] }));
    await Deno.writeFile(`${folder}/in/d.json`, new Uint8Array([0x7b, 0x0a, 0x22, 0xff]));
    await Deno.writeTextFile(`${folder}/in/notes.txt`, "not looked at");
    const { outcome, problems } = await imported([`${folder}/in`, `${folder}/absent`], `${folder}/run`);
    assert.deepEqual([outcome.discussions, outcome.problems], [1, 4]);
    assert.deepEqual(problems.map(({ file, line }) => [file.slice(folder.length + 1), line]), [
      ["absent", undefined],
      ["in/a.json", 3],
      ["in/c.json", undefined],
      ["in/d.json", 2],
    ]);
    assert.match(problems[2]!.message, /the folder already has another discussion with the id "b"/);
    assert.equal((await eventsOfRun(`${folder}/run`)).size, 1);
  }));

Deno.test("importDiscussions() stops a strict import at the first problem, and keeps the discussions imported before it", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/broken.json`, "{");
    const paths = [examplePath(PYTHON_2_0), `${folder}/broken.json`, OLD_RUNS];
    await assert.rejects(imported(paths, `${folder}/run`, { strict: true }), (error) => {
      assert.ok(error instanceof ImportStopped);
      return /^Cannot continue the import: .*broken\.json:1: it is not JSON/.test(error.message);
    });
    assert.equal((await eventsOfRun(`${folder}/run`)).size, 1);
    assert.equal((await folderRun(`${folder}/run`).read()).manifest.plan.discussions, 1);
  }));

Deno.test("importDiscussions() groups the interleaved rows of a table by discussion", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/t.csv`, mixed(150, 4));
    const { outcome, problems } = await imported([`${folder}/t.csv`], `${folder}/run`);
    assert.deepEqual([outcome.discussions, outcome.entries, problems], [150, 600, []]);
    for (const events of (await eventsOfRun(`${folder}/run`)).values()) {
      const texts = events.flatMap(({ data }) => "text" in data ? [data.text] : []);
      // Times run backwards in the file.
      assert.deepEqual(texts, ["comment 3", "comment 2", "comment 1", "comment 0"]);
    }
    const again = await imported([`${folder}/t.csv`], `${folder}/run`);
    assert.deepEqual([again.outcome.discussions, again.outcome.alreadyThere], [0, 150]);
  }));

Deno.test("importDiscussions() skips broken discussions of a table, and a whole table that it cannot read", () =>
  inFolder(async (folder) => {
    const table =
      "discussion,author,text,order,condition\na,x,1,1,c\na,,2,2,c\nb,x,1,1,c\nc,x,1,1,c\nc,x,1,2,d\n,x,1,1,c\n";
    await Deno.writeTextFile(`${folder}/t.csv`, table);
    await Deno.writeTextFile(`${folder}/u.csv`, 'discussion,author,text\nz,x,1\nz,x,"2\n');
    const { outcome, problems } = await imported([`${folder}/t.csv`, `${folder}/u.csv`], `${folder}/run`);
    assert.equal(outcome.discussions, 1);
    assert.deepEqual(problems.map(({ line }) => line).sort(), [3, 3, 6, 7]);
    assert.deepEqual([...(await eventsOfRun(`${folder}/run`)).keys()].map((name) => name.slice(0, 8)), [
      "c.r0001.",
    ]);
  }));

Deno.test("importDiscussions() follows links to files, and skips the folder that it imports into", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/in`);
    await Deno.symlink(examplePath(PYTHON_2_0), `${folder}/in/linked.json`);
    await Deno.symlink(folder, `${folder}/in/round`);
    await Deno.writeTextFile(`${folder}/in/t.jsonl`, 'broken\n{"root":"r","user":"u","text":"t"}\n');
    for (const discussions of [2, 0]) {
      const { outcome, problems } = await imported([`${folder}/in`], `${folder}/in/run`);
      assert.equal(outcome.discussions, discussions);
      assert.deepEqual(problems.map(({ line, message }) => [line, message]), [[1, "the line is not JSON"]]);
    }
  }));

Deno.test("importDiscussions() reports missing files and unknown formats once, and imports the others", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/notes.txt`, "");
    const { outcome, problems } = await imported(
      [`${folder}/nothing`, `${folder}/notes.txt`, OLD_RUNS],
      `${folder}/run`,
    );
    assert.deepEqual(problems, [
      { file: `${folder}/nothing`, message: "there is no such file or folder" },
      { file: `${folder}/notes.txt`, message: "its name does not show its format: give --format" },
    ]);
    assert.equal(outcome.discussions, 2);
  }));

Deno.test("importDiscussions() reads conditions and factors by a pattern", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/tiny_no_moderator`);
    await Deno.copyFile(examplePath(PYTHON_2_0), `${folder}/tiny_no_moderator/a.json`);
    const condition = readConditionRule("{model}_{moderator}");
    const { problems } = await imported([`${folder}/tiny_no_moderator`, OLD_RUNS], `${folder}/run`, {
      condition,
    });
    assert.match(problems[0]!.message, /its condition is called "moderated", which does not fit the pattern/);
    const [events] = (await eventsOfRun(`${folder}/run`)).values();
    assert.deepEqual(events![0]!.type === "DiscussionOpened" && events![0].data.factors, {
      model: "tiny",
      moderator: "no_moderator",
    });
  }));

Deno.test("importDiscussions() and runs refuse each other's folders, and an import refuses a run or a missing path as its source", () =>
  inFolder(async (folder) => {
    await imported([OLD_RUNS], `${folder}/imported`);
    await (await folderRun(`${folder}/run`).open(sampleRun())).close();
    await assert.rejects(folderRun(`${folder}/imported`).open(sampleRun()), (error) => {
      assert.ok(error instanceof RunError);
      return /it holds imported discussions\. Choose another folder/.test(error.message);
    });
    await assert.rejects(imported([OLD_RUNS], `${folder}/run`), {
      message: /it holds the run of an experiment/,
    });
    await assert.rejects(
      imported([`${folder}/run`], `${folder}/other`, { format: "csv" }).then(({ problems }) => {
        if (problems.length > 0) throw new Error(problems[0]!.message);
      }),
    );
    await assert.rejects(imported([`${folder}/nothing`], `${folder}/other`), {
      message: /^Cannot import anything/,
    });
  }));

Deno.test("importDiscussions() keeps the digits of large ids in every column", () =>
  inFolder(async (folder) => {
    const thread = 1212092628029698048n;
    const rows = [thread, thread + 1n].flatMap((id) => [
      `{"conversation_id":${id},"speaker":${id + 10n},"text":"first","reply_to":null,"meta":{"user":${
        id + 20n
      }}}`,
      `{"conversation_id":${id},"speaker":${id + 11n},"text":"second","reply_to":${
        id + 30n
      },"meta":{"score":0.5}}`,
    ]);
    await Deno.writeTextFile(`${folder}/ids.jsonl`, rows.join("\n"));
    const { outcome, problems } = await imported([`${folder}/ids.jsonl`], `${folder}/run`);
    assert.deepEqual([problems, outcome.discussions], [[], 2]);
    const found = [...(await eventsOfRun(`${folder}/run`)).values()].map(([opened]) => {
      assert.ok(opened?.type === "DiscussionOpened");
      const { participants, imported } = opened.data;
      return { id: imported!.id, names: participants.map(({ name }) => name), entries: imported!.entries };
    });
    assert.deepEqual(found.toSorted((a, b) => a.id! < b.id! ? -1 : 1), [
      {
        id: "1212092628029698048",
        names: ["1212092628029698058", "1212092628029698059"],
        entries: {
          0: { reply_to: null, meta: { user: "1212092628029698068" } },
          1: { reply_to: "1212092628029698078", meta: { score: 0.5 } },
        },
      },
      {
        id: "1212092628029698049",
        names: ["1212092628029698059", "1212092628029698060"],
        entries: {
          0: { reply_to: null, meta: { user: "1212092628029698069" } },
          1: { reply_to: "1212092628029698079", meta: { score: 0.5 } },
        },
      },
    ]);
  }));
