/**
 * Imports 360 discussions that the Python library's authors published. They are not part of this project: the test looks
 * for them beside the repository, or in the folder that SYNDISCO_VMD names.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { basename, dirname } from "node:path";
import { readConditionRule } from "../formats/condition_rule.ts";
import { pythonFileOf } from "../formats/testing/python_examples.ts";
import { inFolder } from "../testing/in_folder.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { importScores } from "./import_scores.ts";
import { collector, eventsOfRun, imported } from "./testing/importing.ts";

const FOLDER = Deno.env.get("SYNDISCO_VMD") ?? fileURLToPath(new URL("../../../shared/vmd", import.meta.url));
const SKIPPED = existsSync(`${FOLDER}/reference.json`) ? null : "the published discussions are not here";

type Reference = Readonly<{
  discussions: number;
  entries: number;
  seed_comments: number;
  user_turns: number;
  moderator_turns: number;
  silent_user_turns: Readonly<Record<string, number>>;
  silent_moderator_turns: Readonly<Record<string, number>>;
}>;

function sourceOf(events: readonly DiscussionEvent[]): string {
  const opened = events[0]!;
  assert.ok(opened.type === "DiscussionOpened");
  const { condition, imported } = opened.data;
  return `${FOLDER}/discussions/${condition}/${imported!.file}`;
}

function modelOf(events: readonly DiscussionEvent[]): string {
  const opened = events[0]!;
  assert.ok(opened.type === "DiscussionOpened");
  return opened.data.factors.model!;
}

Deno.test({
  name: `importDiscussions() and importScores() keep all entries and scores of published discussions${
    SKIPPED === null ? "" : ` (skipped: ${SKIPPED})`
  }`,
  ignore: SKIPPED !== null,
  fn: () =>
    inFolder(async (folder) => {
      const reference = JSON.parse(await Deno.readTextFile(`${FOLDER}/reference.json`)) as Reference;
      const run = `${folder}/run`;
      const condition = readConditionRule("{model}_{moderator}");
      const roles = [{ name: "troll", contains: "online troll" }];
      const { outcome, problems } = await imported([`${FOLDER}/discussions`], run, { condition, roles });
      assert.deepEqual(problems, []);
      assert.equal(outcome.discussions, reference.discussions);
      assert.equal(outcome.entries, reference.entries);

      const held = await eventsOfRun(run);
      const counts: Record<string, number> = {};
      const silent: Record<string, Record<string, number>> = { TurnPassed: {}, ModeratorAbstained: {} };
      for (const events of held.values()) {
        const source = sourceOf(events);
        assert.deepEqual(pythonFileOf(events), JSON.parse(await Deno.readTextFile(source)), source);
        const model = modelOf(events);
        assert.ok(basename(dirname(source)).startsWith(model));
        for (const { type } of events) {
          counts[type] = (counts[type] ?? 0) + 1;
          if (type in silent) silent[type]![model] = (silent[type]![model] ?? 0) + 1;
        }
      }
      assert.equal(counts.SeedCommentPosted, reference.seed_comments);
      assert.equal(counts.TurnTaken! + counts.TurnPassed!, reference.user_turns);
      assert.equal(counts.ModeratorIntervened! + counts.ModeratorAbstained!, reference.moderator_turns);
      const zeros = { llama8b: 0, mistral7b: 0, qwen7b: 0 };
      assert.deepEqual({ ...zeros, ...silent.TurnPassed }, reference.silent_user_turns);
      assert.deepEqual({ ...zeros, ...silent.ModeratorAbstained }, reference.silent_moderator_turns);

      const { found, problems: unjoined } = collector();
      const scores = await importScores(`${FOLDER}/toxicity.csv`, {
        into: run,
        name: "toxicity",
        format: "csv",
        columns: {},
        min: 0,
        max: 1,
        annotator: "classifier",
        strict: false,
        found,
      });
      assert.deepEqual(unjoined, []);
      assert.equal(scores.comments + scores.silences, reference.entries);
      assert.equal(scores.unscored, 0);
      assert.deepEqual(await positionedScores(run), await scoresOfTable());
    }),
});

/** Discussion and position → score, from the logs. */
async function positionedScores(run: string): Promise<ReadonlyMap<string, number>> {
  const scores = new Map<string, number>();
  for (const events of (await eventsOfRun(run)).values()) {
    const opened = events[0]!;
    assert.ok(opened.type === "DiscussionOpened");
    const id = opened.data.imported!.id!;
    const slots = events.filter(({ type }) => /^(Seed|Turn|Moderator)/.test(type));
    const places = new Map(slots.flatMap(({ data }, at) => "comment" in data ? [[data.comment, at]] : []));
    for (const { type, data } of events) {
      if (type === "CommentAnnotated") {
        scores.set(`${id},${places.get(data.comment)}`, Number(data.values.toxicity));
      }
      if (type === "SilenceAnnotated") scores.set(`${id},${data.position}`, Number(data.values.toxicity));
    }
  }
  return new Map([...scores].sort(([a], [b]) => a < b ? -1 : 1));
}

async function scoresOfTable(): Promise<ReadonlyMap<string, number>> {
  const [, ...rows] = (await Deno.readTextFile(`${FOLDER}/toxicity.csv`)).trim().split(/\r?\n/);
  const scores = rows.map((row) => {
    const [id, position, score] = row.split(",");
    return [`${id},${position}`, Number(score)] as const;
  });
  return new Map(scores.sort(([a], [b]) => a < b ? -1 : 1));
}
