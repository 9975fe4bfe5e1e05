/** Runs the task `reproduce`, with its permissions. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { ended } from "./processes.ts";
import { comparedFigures } from "./reproduction/compare.ts";
import { type Published, readPublished } from "./reproduction/published.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const VMD = Deno.env.get("SYNDISCO_VMD") ?? join(PROJECT, "../shared/vmd");
const IS_THERE = existsSync(join(VMD, "reference.json"));
const SKIPPED = IS_THERE ? "" : " (skipped: the published discussions are not here)";

/** A report of 360 discussions needs a minute or more on a busy machine. */
const REPRODUCE_MS_MAX = 300_000;

async function reproduce(...args: readonly string[]) {
  return await ended(
    new Deno.Command(Deno.execPath(), {
      args: ["task", "reproduce", ...args],
      cwd: PROJECT,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
    REPRODUCE_MS_MAX,
  );
}

/** A number in JSON with the keys on its path. `changed` returns all of the JSON with another number instead. */
type Leaf = Readonly<{ path: string; value: number; changed: (to: number) => unknown }>;

function leavesOf(json: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof json === "number") return [{ path: path.join("/"), value: json, changed: (to) => to }];
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([key, member]) =>
    leavesOf(member, [...path, key]).map((leaf) => ({
      ...leaf,
      changed: (to: number) => ({ ...json, [key]: leaf.changed(to) }),
    }))
  );
}

Deno.test({
  name: `reproduce finds all published figures in the report, and notices each changed figure${SKIPPED}`,
  ignore: !IS_THERE,
  fn: () =>
    inFolder(async (folder) => {
      const keep = join(folder, "kept");
      const { code, stdout, stderr } = await reproduce(VMD, "--keep", keep);
      assert.equal(code, 0, `${stdout}\n${stderr}`);
      assert.match(stdout, /^(\d+) of \1 figures agree\. /m);
      const report = join(keep, "report");
      assert.ok(stdout.includes(`The report is in ${report}\n`), stdout);
      assert.ok(existsSync(join(report, "report.html")));

      const published = readPublished(VMD);
      const differing = (changed: Partial<Published>) =>
        comparedFigures({ ...published, ...changed }, report).filter(({ agrees }) => !agrees);
      assert.deepEqual(differing({}), []);
      const unseen: string[] = [];
      for (const { path, value, changed } of leavesOf(published.reference)) {
        const reference = changed(
          value + (Number.isInteger(value) ? 1 : value / 100),
        ) as Published["reference"];
        if (differing({ reference }).length === 0) unseen.push(path);
      }
      assert.deepEqual(unseen, []);
      const [[discussion, figure]] = [...published.diversity] as [[string, number]];
      const diversity = new Map([...published.diversity, [discussion, figure + 1e-8]]);
      assert.deepEqual(differing({ diversity }).map(({ expected, found }) => [expected, found]), [
        ["360", "359"],
      ]);

      // The schema leaves out only p and z, as docs/how_to/reproduce_figures.md says.
      const paths = new Set(leavesOf(published.reference).map(({ path }) => path));
      const left = leavesOf(JSON.parse(await Deno.readTextFile(join(VMD, "reference.json"))))
        .filter(({ path }) => !paths.has(path));
      assert.deepEqual([...new Set(left.map(({ path }) => path.split("/").at(-1)))].sort(), ["p", "z"]);
    }),
});

Deno.test({
  name: `reproduce exits with 1 if a figure differs, and names the figure${SKIPPED}`,
  ignore: !IS_THERE,
  fn: () =>
    inFolder(async (folder) => {
      for (const name of ["discussions", "toxicity.csv", "diversity.csv"]) {
        await Deno.symlink(join(VMD, name), join(folder, name));
      }
      const reference = JSON.parse(await Deno.readTextFile(join(VMD, "reference.json")));
      reference.mixed_model_strategy.group_variance *= 1.01;
      await Deno.writeTextFile(join(folder, "reference.json"), JSON.stringify(reference));
      const { code, stdout, stderr } = await reproduce(folder);
      assert.equal(code, 1, `${stdout}\n${stderr}`);
      assert.match(stdout, /^main effects: variance between discussions +0\.01103 +0\.01092 +NO /m);
      assert.match(stdout, /^\d+ of \d+ figures agree, 1 DOES NOT\. /m);
    }),
});

Deno.test("reproduce names a missing file of a folder", () =>
  inFolder(async (folder) => {
    const { code, stderr } = await reproduce(folder);
    assert.equal(code, 2, stderr);
    assert.ok(
      stderr.includes(`Cannot read the figures in "${join(folder, "reference.json")}"`),
      stderr,
    );
    assert.match((await reproduce()).stderr, /Usage: deno task reproduce FOLDER \[--keep DIR\]/);
  }));
