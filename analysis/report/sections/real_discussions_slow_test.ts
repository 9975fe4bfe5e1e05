/** Compares the sections about published discussions with figures that the authors of these discussions computed. */
import assert from "node:assert/strict";
import { type Observation, observe } from "../../outcomes/mod.ts";
import { slotsOf } from "../../projections/mod.ts";
import { measureTexts } from "../../texts/text_measures.ts";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import {
  onRealDiscussions,
  type RealDiscussion,
  realDiscussions,
  realFile,
  realScores,
  scoredEvents,
} from "../../../core/testing/real_discussions.ts";
import type { Cell } from "../document.ts";
import { conductSection, discussionsTable, outcomesSection, valuesTable } from "./mod.ts";
import { keyed, rowsOf } from "../testing/mod.ts";

const ANALYSIS = {
  ...ANALYSIS_DEFAULT,
  outcomes: ["toxicity"],
  effects: [["strategy"], ["model"]],
  reference: { strategy: "No Facilitator" },
  // The authors computed diversity from all generated entries.
  commentsOf: { diversity: "all" },
  // The authors' classifier also scored silent turns, and their figures include these scores.
  silences: "include",
} as const;

async function observedReal(
  discussion: RealDiscussion,
  toxicity: ReadonlyMap<string, number>,
): Promise<Observation> {
  const slots = slotsOf(scoredEvents(discussion, toxicity));
  return await observe("real", slots, (texts) => Promise.resolve(measureTexts(texts)));
}

const total = (rows: readonly Record<string, Cell>[], key: string) =>
  rows.reduce((sum, row) => sum + Number(row[key]), 0);

Deno.test({
  ...onRealDiscussions(
    "sections and data tables agree with the authors' counts, scores and diversity of all real discussions",
  ),
  async fn() {
    const toxicity = await realScores();
    const observations: Observation[] = [];
    for await (const discussion of realDiscussions()) {
      observations.push(await observedReal(discussion, toxicity));
    }
    const reference = JSON.parse(await realFile("reference.json"));

    const conduct = conductSection(observations, ANALYSIS, {}, "42");
    const turns = rowsOf(conduct, "conduct-turns-by-model");
    assert.equal(total(turns, "discussions"), reference.discussions);
    assert.equal(total(turns, "turns"), reference.user_turns);
    assert.equal(total(turns, "moderator_slots"), reference.moderator_turns);
    const byModel = (key: string) => Object.fromEntries(turns.map(({ group, ...row }) => [group, row[key]]));
    assert.deepEqual(byModel("silent_turns"), reference.silent_user_turns);
    assert.deepEqual(byModel("abstentions"), reference.silent_moderator_turns);
    const following = rowsOf(conduct, "conduct-following-by-strategy");
    const { n, second_to_last_speaker_again, same_speaker_twice_in_a_row } = reference.respond_events;
    assert.equal(total(following, "answerable"), n);
    assert.equal(total(following, "answered"), second_to_last_speaker_again);
    assert.equal(total(following, "repeated"), same_speaker_twice_in_a_row);

    const outcomes = rowsOf(
      outcomesSection(observations, ANALYSIS, {}, "42"),
      "outcomes-toxicity-by-strategy",
    );
    assert.equal(outcomes[0]!.group, "No Facilitator");
    for (const { group, values, mean, sd } of outcomes) {
      const expected = reference.toxicity_by_strategy_user_turns[String(group)];
      assert.equal(values, expected.n);
      assert.ok(Math.abs(Number(mean) - expected.mean) < 1e-12, `${group}: ${mean}`);
      assert.ok(Math.abs(Number(sd) - expected.sd) < 1e-12, `${group}: ${sd}`);
    }

    const discussions = keyed(discussionsTable(observations, ANALYSIS));
    const found = new Map(discussions.map(({ discussion, diversity }) => [discussion, Number(diversity)]));
    const lines = (await realFile("diversity.csv")).trim().split("\n").slice(1).map((line) =>
      line.split(",")
    );
    assert.equal(lines.length, reference.discussions);
    for (const [discussion, expected] of lines) {
      assert.ok(Math.abs(found.get(discussion!)! - Number(expected)) < 1e-12, `${discussion}`);
    }
    assert.equal([...valuesTable(observations).rows].length, reference.entries);
  },
});
