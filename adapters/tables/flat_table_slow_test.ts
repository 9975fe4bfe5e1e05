import assert from "node:assert/strict";
import { join } from "node:path";
import { slotsOf } from "../../analysis/projections/mod.ts";
import { wordCount } from "../../analysis/texts/text_measures.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { passWith } from "../../core/testing/mod.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { inFolder } from "../testing/in_folder.ts";
import { RunTables } from "./run_tables.ts";
import { runHolding } from "./testing/run_holding.ts";
import { TABLE_NAMES } from "./views.ts";

/**
 * White space of all kinds, and U+200B, which is none. In the last comment, a word comes before each of these
 * characters.
 */
const SPACES = " \t\n\v\f\r\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000\u200b";

const ANNOTATORS = ["Rita", "Sam O'Neil"].map((name) => ({ name, persona: {}, instructions: "" }));

const SCALES = [
  { name: "toxicity", type: "ordinal", min: 1, max: 5, question: "?" },
  { name: "rude", type: "boolean", question: "?" },
  { name: "stance", type: "nominal", labels: ["for", "it's against"], question: "?" },
  { name: "why", type: "text", maxLength: 80, question: "?" },
] as const;

function scored(comment: number, annotator: number, values: Record<string, string | number | boolean>) {
  const { name } = ANNOTATORS[annotator]!;
  return { type: "CommentAnnotated", data: { pass: "p", comment, annotator: name, values } } as const;
}

const EVENTS: readonly DiscussionEvent[] = [
  ...sampleEvents("d").slice(0, -1).map((event) =>
    event.type === "TurnTaken" && event.data.turn === 2
      ? { ...event, data: { ...event.data, text: [...SPACES].map((space) => `word${space}`).join("") } }
      : event
  ),
  { type: "DiscussionCompleted", data: { reason: "turns", turns: 3, comments: 4 } },
  {
    type: "AnnotationPassStarted",
    data: passWith({
      pass: "p",
      annotators: ANNOTATORS,
      codebook: { version: "1", hash: "c".repeat(64), scales: SCALES },
    }),
  },
  scored(1, 0, { toxicity: 2, rude: true, stance: "for", why: "short" }),
  scored(1, 1, { toxicity: 5, rude: false, stance: "for" }),
  scored(2, 1, { toxicity: 1, rude: false, stance: "it's against", why: "calm" }),
  // A person can correct a value: the last one counts.
  scored(2, 1, { toxicity: 3 }),
];

async function withTables(events: readonly DiscussionEvent[], use: (tables: RunTables) => Promise<void>) {
  await inFolder(async (folder) => {
    const run = await runHolding(join(folder, "run"), { d: events });
    await Deno.mkdir(join(folder, "db"));
    const onDamage = (damage: Error) => {
      throw damage;
    };
    using tables = await RunTables.open(new Map([["r", run]]), { folder: join(folder, "db"), onDamage });
    await use(tables);
  });
}

Deno.test("the table flat has a row for each comment, with its speaker, its scores and its discussion", () =>
  withTables(EVENTS, async (tables) => {
    const ask = async (columns: string) =>
      (await tables.rows(`SELECT ${columns} FROM flat ORDER BY comment`, 10)).rows;
    assert.deepEqual(
      await ask(`comment_id, position, turn, condition, factor_moderator, "by", role, counted`),
      [
        ["d#0", "0", null, "base", "gentle", "author", null, "false"],
        ["d#1", "1", "0", "base", "gentle", "participant", "troll", "true"],
        ["d#2", "2", "0", "base", "gentle", "moderator", null, "false"],
        ["d#3", "5", "2", "base", "gentle", "participant", "troll", "true"],
      ],
    );
    assert.deepEqual(await ask("author, persona_age, persona_tags"), [
      ["Ada", "36", '["a",null,true]'],
      ["Bob", null, null],
      ["Mo", null, null],
      ["Bob", null, null],
    ]);
    // Computed by hand. Comment 1 has the values 2 and 5, yes and no, and two equal labels. Comment 2 has one value per
    // scale.
    assert.deepEqual(
      await ask("p_toxicity_mean, p_toxicity_by_rita, p_toxicity_by_sam_o_neil, p_rude_mean, p_rude_by_rita"),
      [
        [null, null, null, null, null],
        ["3.5", "2", "5", "0.5", "1"],
        ["3", null, "3", "0", null],
        [null, null, null, null, null],
      ],
    );
    assert.deepEqual(
      await ask("p_stance_share_for, p_stance_share_it_s_against, p_stance_by_sam_o_neil, p_why_by_rita"),
      [
        [null, null, null, null],
        ["1", "0", "for", "short"],
        ["0", "1", "it's against", null],
        [null, null, null, null],
      ],
    );
    const { comments } = slotsOf(EVENTS);
    assert.deepEqual(await ask("words"), comments.map(({ text }) => [String(wordCount(text!))]));
    // U+200B is no white space.
    assert.equal(wordCount(comments.at(-1)!.text!), [...SPACES].length);
  }));

const TYPES: Readonly<Record<string, string>> = {
  VARCHAR: "text",
  INTEGER: "integer",
  BIGINT: "integer",
  DOUBLE: "number",
  BOOLEAN: "boolean",
  TIMESTAMP: "time",
  JSON: "json",
};

Deno.test("the data dictionary lists all columns of all tables with their types", () =>
  withTables([...EVENTS, ...annotationEvents("second")], async (tables) => {
    for (const table of TABLE_NAMES) {
      const { rows } = await tables.rows(`DESCRIBE ${table}`, 1_000);
      const listed = await tables.dictionary([table]);
      assert.deepEqual(
        listed.map(({ name, type }) => [name, type]),
        rows.map(([name, type]) => [name, TYPES[type!]]),
        table,
      );
      assert.ok(listed.every(({ meaning, from }) => meaning !== "" && from !== ""), table);
    }
    const levels = new Map((await tables.dictionary(["flat"])).map(({ name, levels }) => [name, levels]));
    assert.equal(levels.get("factor_moderator"), "gentle");
    assert.equal(levels.get("p_toxicity_by_rita"), "1 to 5");
    assert.equal(levels.get("role"), "troll");
  }));
