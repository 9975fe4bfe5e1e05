import assert from "node:assert/strict";
import { join } from "node:path";
import { runHolding } from "../../adapters/tables/testing/run_holding.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { sampleEvents } from "../../core/testing/sample_stream.ts";
import { filesIn } from "../testing/experiments.ts";
import { runHere } from "../testing/processes.ts";

Deno.test("no command overwrites a run's own files, not even with --force or through a link", () =>
  inFolder(async (cwd) => {
    const run = join(cwd, "run");
    const { store } = await runHolding(run, { d: sampleEvents("d") });
    await Deno.mkdir(join(run, "report"));
    await Deno.symlink(join(run, "manifest.json"), join(cwd, "link.parquet"));
    await Deno.symlink(run, join(cwd, "linked"));
    await Deno.symlink(join(run, "discussions", "new.jsonl"), join(cwd, "dangling.parquet"));
    const before = await filesIn(run);
    const paths = [
      join(run, "manifest.json"),
      join(run, "experiment.yaml"),
      join(run, "run.lock"),
      join(run, "prices.json"),
      store.locate!("d"),
      join(run, "discussions", "new.jsonl"),
      join(run, "report", "..", "manifest.json"),
      join(cwd, "linked", "manifest.json"),
      join(cwd, "link.parquet"),
      join(cwd, "dangling.parquet"),
    ];
    for (const path of paths) {
      for (
        const words of [
          ["query", run, "select 1", "--parquet", path],
          ["query", run, "select 1", "--parquet", path, "--force"],
          ["schema", "--out", path, "--force"],
          ["init", path],
        ]
      ) {
        const { code, stderr } = await runHere(...words);
        assert.equal(code, 2, words.join(" "));
        assert.match(
          stderr,
          /Cannot write ".*": it belongs to the run in ".*run"/,
          `${words.join(" ")}: ${stderr}`,
        );
      }
    }
    assert.deepEqual(await filesIn(run), before);
    // Other files in the run's folder are allowed.
    assert.equal((await runHere("schema", "--out", join(run, "report", "schema.json"))).code, 0);
  }));

Deno.test("an existing file is replaced only with --force, and a link is followed", () =>
  inFolder(async (cwd) => {
    const run = join(cwd, "run");
    await runHolding(run, { d: sampleEvents("d") });
    const mine = join(cwd, "mine");
    await Deno.writeTextFile(mine, "years of work");
    await Deno.symlink(mine, join(cwd, "link"));
    for (const words of [["query", run, "select 1", "--parquet"], ["schema", "--out"]]) {
      for (const path of [mine, join(cwd, "link")]) {
        const { code, stderr } = await runHere(...words, path);
        assert.equal(code, 2);
        assert.match(
          stderr,
          /the file exists\. Choose another name, or replace it with --force/,
        );
      }
      assert.equal((await runHere(...words, cwd)).code, 2);
    }
    assert.equal(await Deno.readTextFile(mine), "years of work");
    assert.equal((await runHere("schema", "--out", join(cwd, "link"), "--force")).code, 0);
    assert.match(await Deno.readTextFile(mine), /"\$schema"/);
    assert.ok((await Deno.lstat(join(cwd, "link"))).isSymlink);
    assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name).sort(), ["link", "mine", "run"]);
  }));
