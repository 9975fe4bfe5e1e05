import assert from "node:assert/strict";
import type { Columns } from "../formats/columns.ts";
import { examplePath, exampleText, PYTHON_2_0 } from "../formats/testing/python_examples.ts";
import type { ImportProblem } from "../formats/format_error.ts";
import type { ScoreField } from "../formats/score_table.ts";
import { folderRun, JsonlEventStore } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { importAnnotations } from "./import_annotations.ts";
import { ImportStopped } from "./import_problems.ts";
import { importScores, type ScoresOptions } from "./import_scores.ts";
import { collector, eventsOfRun, imported } from "./testing/importing.ts";

const ID = JSON.parse(exampleText(PYTHON_2_0)).id as string;
const NO_COLUMNS: Columns<ScoreField> = {};

async function scored(table: string, into: string, options: Partial<ScoresOptions> = {}) {
  const { problems, found } = collector();
  const outcome = await importScores(table, {
    into,
    name: "toxicity",
    format: "csv",
    columns: NO_COLUMNS,
    annotator: "imported",
    strict: false,
    found,
    ...options,
  });
  return { outcome, problems };
}

/** Imports the examples, and calls `use` with the run and with the path of a table of scores. */
function withRun(
  rows: readonly string[] | null,
  use: (run: string, table: string) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    await imported([examplePath("old_runs")], `${folder}/run`);
    const table = rows === null ? examplePath("toxicity.csv") : `${folder}/scores.csv`;
    if (rows !== null) {
      await Deno.writeTextFile(table, `discussion_id,comment_index,toxicity\n${rows.join("\n")}\n`);
    }
    await use(`${folder}/run`, table);
  });
}

async function moderatedEvents(run: string) {
  return [...(await eventsOfRun(run)).values()][0]!;
}

Deno.test("importScores() makes a pass with scores of comments and silent slots, found by their positions", () =>
  withRun(null, async (run, table) => {
    const { outcome, problems } = await scored(table, run);
    assert.deepEqual(problems, []);
    assert.deepEqual([outcome.discussions, outcome.comments, outcome.silences, outcome.unscored], [
      1,
      9,
      5,
      0,
    ]);
    const events = (await moderatedEvents(run)).slice(16);
    const [started] = events;
    assert.ok(started?.type === "AnnotationPassStarted");
    const { scales } = started.data.codebook;
    // The lowest and the highest number in the file.
    assert.deepEqual(scales, [{ name: "toxicity", type: "interval", min: 0, max: 0.96, question: "" }]);
    assert.equal(started.data.source?.file, "toxicity.csv");
    assert.deepEqual(events.slice(4, 8).map(({ type, data }) => [type, { ...data }]), [
      ["CommentAnnotated", {
        pass: "toxicity",
        comment: 3,
        annotator: "imported",
        values: { toxicity: 0.11 },
      }],
      ["SilenceAnnotated", {
        pass: "toxicity",
        position: 4,
        annotator: "imported",
        values: { toxicity: 0.48 },
      }],
      ["SilenceAnnotated", {
        pass: "toxicity",
        position: 5,
        annotator: "imported",
        values: { toxicity: 0.85 },
      }],
      ["CommentAnnotated", {
        pass: "toxicity",
        comment: 4,
        annotator: "imported",
        values: { toxicity: 0.22 },
      }],
    ]);
    assert.deepEqual(events.at(-1)?.data, { pass: "toxicity", annotated: 14, unparsed: 0 });
    const again = await scored(table, run);
    assert.deepEqual([again.outcome.discussions, again.outcome.alreadyThere], [0, 1]);
  }));

Deno.test("importScores() resumes a killed import after any event", () =>
  withRun(null, async (run, table) => {
    await scored(table, run);
    const whole = await moderatedEvents(run);
    const { store } = await folderRun(run).read();
    const [stream] = (await Array.fromAsync(store.streams())).filter((name) => name.startsWith("moderated"));
    const file = store.locate!(stream!);
    const lines = (await Deno.readTextFile(file)).split("\n");
    for (const cut of [17, 18, 25, 31]) {
      // A kill can leave a torn line after the last whole one.
      await Deno.writeTextFile(file, `${lines.slice(0, cut).join("\n")}\n${lines[cut]!.slice(0, 40)}`);
      const { outcome } = await scored(table, run);
      assert.equal(outcome.discussions, 1);
      assert.deepEqual(await moderatedEvents(run), whole);
    }
  }));

Deno.test("importScores() reports rows without a slot, repeated rows and invalid scores, and imports the others", () => {
  const rows = [
    `${ID},0,0.5`,
    `${ID},14,0.5`,
    `${ID},0,0.6`,
    `${ID},1,high`,
    `${ID},x,1`,
    "other,0,1",
    `${ID},2,7`,
    `${ID},2,-1`,
    "twice,0,1",
    "twice,1,1",
  ];
  return withRun(rows, async (run, table) => {
    const { outcome, problems } = await scored(table, run, { max: 1, min: 0 });
    assert.deepEqual([outcome.comments, outcome.leftOut, outcome.problems, outcome.unscored], [1, 9, 8, 13]);
    const byLine = new Map(problems.map(({ line, message }: ImportProblem) => [line, message]));
    assert.match(byLine.get(3)!, /has 14 slots: there is no position 14/);
    assert.match(byLine.get(4)!, /line 2 already has a score for position 0 of /);
    assert.match(byLine.get(5)!, /its score is "high", expected a number/);
    assert.match(byLine.get(6)!, /its position is "x"/);
    assert.match(byLine.get(7)!, /no discussion of the run is called "other"$/);
    assert.match(byLine.get(8)!, /its score is 7, above the scale's highest value, 1$/);
    assert.match(byLine.get(9)!, /its score is -1, below the scale's lowest value, 0$/);
    assert.match(byLine.get(10)!, /is called "twice"; 2 rows name it$/);
    const { alreadyThere, leftOut } = (await scored(table, run, { max: 1, min: 0 })).outcome;
    assert.deepEqual([alreadyThere, leftOut], [1, 9]);
  });
});

Deno.test("importScores() reports a table of scores outside the limits, and writes nothing", () =>
  withRun([`${ID},0,-1`], async (run, table) => {
    const before = await eventsOfRun(run);
    const { outcome } = await scored(table, run, { min: 0 });
    assert.deepEqual([outcome.discussions, outcome.leftOut, outcome.problems], [0, 1, 1]);
    assert.deepEqual(await eventsOfRun(run), before);
  }));

Deno.test("importScores() adds no pass to a discussion without a valid score", () =>
  withRun([`${ID},14,0.5`], async (run, table) => {
    const before = await eventsOfRun(run);
    const { outcome } = await scored(table, run);
    assert.deepEqual([outcome.discussions, outcome.leftOut, outcome.problems], [0, 1, 1]);
    assert.deepEqual(await eventsOfRun(run), before);
  }));

Deno.test("importScores() stops a strict import at the first problem, before it writes anything", () =>
  withRun([`${ID},0,0.5`, `${ID},1,high`], async (run, table) => {
    const before = await eventsOfRun(run);
    await assert.rejects(scored(table, run, { strict: true }), ImportStopped);
    assert.deepEqual(await eventsOfRun(run), before);
  }));

Deno.test("importScores() accepts the names of streams, and reads annotators from their column", () =>
  withRun(null, async (run) => {
    const { store } = await folderRun(run).read();
    const stream = (await Array.fromAsync(store.streams())).find((name) => name.startsWith("open"))!;
    const table = `${run}.csv`;
    await Deno.writeTextFile(table, `stream;position;score;rater\n${stream};2;1;B\n${stream};2;3;A\n`);
    const { outcome } = await scored(table, run);
    assert.equal(outcome.comments, 2);
    const events = (await eventsOfRun(run)).get(stream)!;
    const started = events.find(({ type }) => type === "AnnotationPassStarted");
    assert.ok(started?.type === "AnnotationPassStarted");
    assert.deepEqual(started.data.annotators.map(({ name }) => name), ["A", "B"]);
  }));

Deno.test("importScores() refuses different scores under the name of an existing pass", () =>
  withRun([`${ID},0,0.5`], async (run, table) => {
    await scored(table, run);
    const { problems } = await scored(examplePath("toxicity.csv"), run);
    assert.match(
      problems[0]!.message,
      /already has a different pass of this name\. Give the new pass another name/,
    );
    const { outcome } = await scored(examplePath("toxicity.csv"), run, {
      name: "severe",
      columns: { score: "toxicity" },
    });
    assert.equal(outcome.comments + outcome.silences, 14);
  }));

Deno.test("importScores() refuses a table without scores, and discussions that have not ended", () =>
  withRun([`${ID},0,`], async (run, table) => {
    for (const limits of [{}, { min: 0, max: 1 }]) {
      await assert.rejects(scored(table, run, limits), {
        name: "FormatError",
        message: "it holds no scores",
      });
    }
    const { store } = await folderRun(run).read();
    const stream = (await Array.fromAsync(store.streams())).find((name) => name.startsWith("moderated"))!;
    const file = store.locate!(stream);
    await Deno.writeTextFile(
      file,
      (await Deno.readTextFile(file)).split("\n").slice(0, 15).join("\n") + "\n",
    );
    const { problems } = await scored(examplePath("toxicity.csv"), run);
    assert.match(problems[0]!.message, /has not ended yet/);
  }));

Deno.test("importAnnotations() assigns replies by the order of the entries, and makes one pass of two annotators", () =>
  withRun(null, async (run) => {
    const { problems, found } = collector();
    const options = { into: run, name: "toxicity", strict: false, found };
    const first = await importAnnotations([examplePath("annotations")], options);
    assert.deepEqual([first.passes, first.replies, problems], [2, 30, []]);
    const [moderated, open] = (await eventsOfRun(run)).values();
    const annotated = moderated!.flatMap(({ type, data }) =>
      (type === "CommentAnnotated" || type === "SilenceAnnotated") && data.annotator === "rater two"
        ? [["comment" in data ? data.comment : `slot ${data.position}`, data.values.toxicity]]
        : []
    );
    // The Python library does not annotate the moderator's slots.
    assert.deepEqual(annotated, [
      [0, "Toxicity=1"],
      [1, "Toxicity=2"],
      [2, "Toxicity=3"],
      ["slot 4", "Toxicity=4"],
      [4, "Toxicity=5"],
      [5, "Toxicity=1"],
      [6, "Toxicity=2"],
      [8, "Toxicity=3"],
    ]);
    assert.equal(open!.filter(({ type }) => type === "CommentAnnotated").length, 7);
    const again = await importAnnotations([examplePath("annotations")], options);
    assert.deepEqual([again.passes, again.alreadyThere], [0, 3]);
  }));

Deno.test("importAnnotations() asks for the discussion if several fit, and refuses a file that fits none", () =>
  inFolder(async (folder) => {
    await imported([examplePath("old_runs/open")], `${folder}/run`);
    const second = JSON.parse(exampleText("old_runs/open/26-11-24-21-54-10.json"));
    await Deno.writeTextFile(`${folder}/second.json`, JSON.stringify({ ...second, timestamp: "later" }));
    await imported([`${folder}/second.json`], `${folder}/run`);
    const { problems, found } = collector();
    const options = { into: `${folder}/run`, name: "toxicity", strict: false, found };
    await importAnnotations([examplePath("annotations")], options);
    assert.deepEqual(problems.map(({ message }) => message.slice(0, 38)), [
      "2 discussions of the run have the same",
      'no discussion of the run is called "' + ID.slice(0, 2),
      'no discussion of the run is called "' + ID.slice(0, 2),
    ]);
    const store = new JsonlEventStore(`${folder}/run/discussions`);
    const discussion = (await Array.fromAsync(store.streams())).find((name) => name.startsWith("open"))!;
    const named = await importAnnotations([examplePath("annotations/rater_2_2.json")], {
      ...options,
      discussion,
    });
    assert.equal(named.passes, 1);
  }));
