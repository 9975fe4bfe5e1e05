/** Looks at outcomes in the viewer: the record comes first, and all figures equal the report's. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { mountSmallDisk, NO_SMALL_DISK } from "../../adapters/stores/testing/small_disk.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import type { OutcomeView } from "../../analysis/outcomes/mod.ts";
import { buildReport, chosenAnalysis } from "../report/build_report.ts";
import { readRuns } from "../report/read_runs.ts";
import { judgedExperiment } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";
import { startView } from "../testing/viewing.ts";

const ANALYSIS = `
analysis: { outcomes: [mood, diversity], effects: [moderator] }
`;

async function judgedRun(folder: string, run = `${folder}/run`): Promise<string> {
  await Deno.writeTextFile(`${folder}/e.yaml`, judgedExperiment("{ adapter: scripted }") + ANALYSIS);
  for (
    const args of [["run", "e.yaml", "--out", run, "--quiet"], [
      "annotate",
      run,
      "--with",
      "e.yaml",
      "--quiet",
    ]]
  ) {
    const { code, stderr } = await runProgram(args, { cwd: folder });
    assert.equal(code, 0, stderr);
  }
  return run;
}

async function looksIn(run: string) {
  const lines = (await Deno.readTextFile(`${run}/run.jsonl`)).trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  return lines.filter(({ type }) => type === "ResultsViewed").map(({ data }) => data);
}

Deno.test("a look is recorded before any value leaves the server, and all figures equal the report's", () =>
  inFolder(async (folder) => {
    const run = await judgedRun(folder);
    const viewing = await startView([run]);
    try {
      const { ask } = viewing;
      const question = { outcome: "mood" };
      await assert.rejects(
        ask("outcome", { runs: ["run"], question }),
        /no look at them was recorded/,
      );
      const sorted = () => ask("list", { query: { sort: "outcome:mood" } });
      const unsorted = await ask("list", { query: {} });
      assert.deepEqual((await sorted()).rows, unsorted.rows);
      assert.deepEqual(await looksIn(run), []);

      const look = await ask("look", { run: "run" });
      assert.deepEqual([look.ended, look.completed, look.planned, look.unrecorded], [12, 12, 12, null]);
      const [recorded, ...others] = await looksIn(run);
      assert.deepEqual([recorded.command, recorded.finished, others], ["view", 12, []]);

      const read = await readRuns([run]);
      const { report } = await buildReport(read, await chosenAnalysis(undefined, read));
      const { blocks } = report.sections.find(({ id }) => id === "outcomes")!;
      for (const { name } of look.outcomes) {
        const view: OutcomeView = await ask("outcome", { runs: ["run"], question: { outcome: name } });
        const table = blocks.flatMap((block) => block.kind === "table" ? [block.table] : [])
          .find(({ title }) =>
            title === `${name} by moderator` || title === "Figures of discussions by moderator"
          )!;
        const keys = table.columns.map(({ key }) => key);
        const rows = table.rows.filter((row) =>
          !keys.includes("figure") || row.cells[keys.indexOf("figure")] === name
        );
        assert.deepEqual(
          view.groups.map(({ name, missing, description: { discussions, mean, interval, deviation } }) =>
            JSON.parse(JSON.stringify([name, missing, discussions, mean, interval, deviation]))
          ),
          rows.map((row) =>
            JSON.parse(JSON.stringify(
              ["group", "missing", "discussions", "mean", "interval", "sd"].map((key) =>
                row.cells[keys.indexOf(key)]
              ),
            ))
          ),
          name,
        );
      }
      const compared = report.sections.flatMap(({ blocks }) => blocks).flatMap((block) =>
        block.kind === "table" && block.table.title === "Comparisons of discussions" ? [block.table] : []
      )[0]!;
      const cellsOf = (...keys: string[]) =>
        compared.rows.map(({ cells }) =>
          keys.map((key) => cells[compared.columns.findIndex((column) => column.key === key)])
        );
      const differences = await Promise.all(
        [...new Set(cellsOf("outcome").flat())].map(async (outcome) => {
          const view: OutcomeView = await ask("outcome", { runs: ["run"], question: { outcome } });
          return view.differences.map(({ group, reference, difference }) => [
            outcome,
            `${group} − ${reference}`,
            "interval" in difference ? difference.interval : difference,
          ]);
        }),
      );
      const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
      assert.ok(compared.rows.length > 0);
      assert.deepEqual(plain(differences.flat()), plain(cellsOf("outcome", "comparison", "interval")));
      const means: OutcomeView = await ask("outcome", { runs: ["run"], question });
      const byValue = means.points.toSorted((one, other) => one.value - other.value);
      const { rows } = await sorted();
      const valueOf = new Map(byValue.map(({ discussion, value }) => [discussion, value]));
      assert.deepEqual(
        rows.map(({ discussion }: { discussion: string }) => valueOf.get(discussion)).filter((
          value: unknown,
        ) => value !== undefined),
        byValue.map(({ value }) => value),
      );
      const comments: OutcomeView = await ask("outcome", {
        runs: ["run"],
        question: { ...question, each: "comment" },
      });
      const { discussion, position } = comments.points[0]!;
      const { events } = await ask("events", { run: "run", discussion, from: 0 });
      assert.ok(events.length > position!);
    } finally {
      await viewing.stop();
    }
    assert.equal((await runProgram(["verify", run])).code, 0);
  }));

Deno.test("two looks at the same time count as one, and a look does not count for a run that replaces the run", () =>
  inFolder(async (folder) => {
    const run = await judgedRun(folder);
    const viewing = await startView([run]);
    try {
      const { ask } = viewing;
      const [one, other] = await Promise.all([ask("look", { run: "run" }), ask("look", { run: "run" })]);
      assert.deepEqual(one, other);
      assert.equal((await looksIn(run)).length, 1);
      const view = () => ask("outcome", { runs: ["run"], question: { outcome: "mood" } });
      assert.ok((await view()).points.length > 0);

      await Deno.remove(run, { recursive: true });
      await judgedRun(folder);
      const isReplaced = async () => {
        const [facts] = await ask("runs", {});
        return facts.problems.some((problem: string) => problem.startsWith("Another run has taken"));
      };
      for (let tries = 0; !await isReplaced(); tries++) {
        assert.ok(tries < 600, "the viewer does not notice the other run");
        await delay(100);
      }
      const [{ look }] = await ask("runs", {});
      assert.equal(look, null);
      await assert.rejects(view(), /no look at them was recorded/);
    } finally {
      await viewing.stop();
    }
  }));

Deno.test("the report opens once, with its own security policy, after the look was recorded", () =>
  inFolder(async (folder) => {
    const run = await judgedRun(folder);
    const viewing = await startView([run]);
    try {
      const address = await viewing.ask("report", { run: "run" });
      assert.match(address, /^report\/[\w-]{20,}$/);
      assert.deepEqual((await looksIn(run)).map(({ command }) => command), ["view"]);
      const opened = await viewing.request(address);
      assert.match(opened.headers.get("content-security-policy")!, /sandbox|style-src 'sha256-/);
      assert.match(await opened.text(), /<h1[^>]*>rated<\/h1>/);
      const again = await viewing.request(address);
      assert.equal(again.status, 404);
      await again.body?.cancel();
    } finally {
      await viewing.stop();
    }
  }));

Deno.test({
  name: "a look at a run on a read-only disk is shown, and page and terminal say that it was not recorded" +
    (NO_SMALL_DISK === null ? "" : ` (skipped: ${NO_SMALL_DISK})`),
  ignore: NO_SMALL_DISK !== null,
  fn: () =>
    inFolder(async (folder) => {
      using disk = mountSmallDisk(64 * 1024 * 1024);
      const run = await judgedRun(folder, `${disk.path}/run`);
      disk.makeReadOnly();
      const viewing = await startView([run]);
      try {
        const { unrecorded, completed } = await viewing.ask("look", { run: "run" });
        assert.equal(completed, 12);
        assert.match(unrecorded, /^Cannot record in the log of "[^"]+" that "view" shows its results: /);
        assert.ok(viewing.printed().includes('that "view" shows its results'), viewing.printed());
      } finally {
        await viewing.stop();
      }
    }),
});
