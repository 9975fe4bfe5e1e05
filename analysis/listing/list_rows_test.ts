import assert from "node:assert/strict";
import { compareRows, type DiscussionRow, isUnfiltered, listRows, rowFilter, waitingRow } from "./mod.ts";

function row(discussion: string, changes: Partial<DiscussionRow> = {}): DiscussionRow {
  return { ...waitingRow("r1", discussion), status: "completed", condition: "base", ...changes };
}

const ROWS = [
  row("a", {
    condition: "calm",
    factors: { mood: "calm" },
    speakers: ["Ann", "Bob"],
    models: ["m1"],
    comments: 30,
  }),
  row("b", {
    condition: "calm",
    factors: { mood: "calm" },
    speakers: ["Ann", "Cem"],
    models: ["m1", "m2"],
    comments: 10,
  }),
  row("c", {
    condition: "wild",
    factors: { mood: "wild" },
    speakers: ["Bob"],
    roles: ["troll"],
    models: ["m2"],
    silent: 2,
    silences: { refused: 2 },
  }),
  row("D.r1", {
    condition: "wild",
    factors: { mood: "wild" },
    status: "in flight",
    comments: 20,
    run: "r2",
    cut: 1,
  }),
];

const names = (answer: ReturnType<typeof listRows>) => answer.rows.map(({ discussion }) => discussion);

Deno.test("listRows() without filters gives all rows in their order, with the counts of all values", () => {
  const answer = listRows(ROWS, {});
  assert.deepEqual(names(answer), ["a", "b", "c", "D.r1"]);
  assert.deepEqual([answer.total, answer.all], [4, 4]);
  assert.deepEqual(answer.facets, {
    run: [{ value: "r1", count: 3 }, { value: "r2", count: 1 }],
    condition: [{ value: "calm", count: 2 }, { value: "wild", count: 2 }],
    status: [{ value: "completed", count: 3 }, { value: "in flight", count: 1 }],
    model: [{ value: "m1", count: 2 }, { value: "m2", count: 2 }],
    speaker: [{ value: "Ann", count: 2 }, { value: "Bob", count: 2 }, { value: "Cem", count: 1 }],
    role: [{ value: "troll", count: 1 }],
    factor: [{ value: "mood=calm", count: 2 }, { value: "mood=wild", count: 2 }],
    failure: [],
    silence: [{ value: "refused", count: 1 }],
    has: [{ value: "cut", count: 1 }, { value: "silent", count: 1 }],
  });
});

Deno.test("listRows() gives the rows around a discussion, in the order of the query, and says where they are", () => {
  const around = (discussion: string, query: Parameters<typeof listRows>[1] = {}) => {
    const answer = listRows(ROWS, { ...query, around: { run: "r1", discussion }, limit: 3 });
    return [answer.offset, names(answer)];
  };
  assert.deepEqual(around("c"), [1, ["b", "c", "D.r1"]]);
  assert.deepEqual(around("a"), [0, ["a", "b", "c"]]);
  assert.deepEqual(around("a", { sort: "comments" }), [2, ["D.r1", "a"]]);
  assert.deepEqual(around("a", { condition: ["wild"] }), [2, []]);
});

Deno.test('listRows() joins filters by "and", the values of a filter by "or"; a facet ignores its own filter', () => {
  const answer = listRows(ROWS, { condition: ["calm"], speaker: ["Bob", "Cem"] });
  assert.deepEqual(names(answer), ["a", "b"]);
  assert.deepEqual([answer.total, answer.all], [2, 4]);
  assert.deepEqual(answer.facets.condition, [{ value: "calm", count: 2 }, { value: "wild", count: 1 }]);
  assert.deepEqual(answer.facets.speaker, [
    { value: "Ann", count: 2 },
    { value: "Bob", count: 1 },
    { value: "Cem", count: 1 },
  ]);
  assert.deepEqual(answer.facets.model, [{ value: "m1", count: 2 }, { value: "m2", count: 1 }]);
});

Deno.test("listRows() filters by level, kind, role, run, status and a part of the name", () => {
  const found = (query: Parameters<typeof listRows>[1]) => names(listRows(ROWS, query));
  assert.deepEqual(found({ factor: ["mood=wild"] }), ["c", "D.r1"]);
  assert.deepEqual(found({ has: ["silent", "cut"] }), ["c", "D.r1"]);
  assert.deepEqual(found({ has: ["branch"] }), []);
  assert.deepEqual(found({ role: ["troll"] }), ["c"]);
  assert.deepEqual(found({ run: ["r2"], status: ["in flight"] }), ["D.r1"]);
  assert.deepEqual(found({ name: "d.R" }), ["D.r1"]);
  assert.deepEqual(found({ name: "no such" }), []);
});

Deno.test("listRows() finds failures, unparsed replies, branches and clear disagreement", () => {
  const rows = [
    row("a", { failures: { "time-out": 1 } }),
    row("b", { unparsed: 1, disagreement: 0.25 }),
    row("c", { disagreement: 0.5 }),
    row("d", { origin: { run: null, discussion: "a", seq: 1 } }),
  ];
  const found = (has: "failure" | "unparsed" | "disagreement" | "branch") =>
    names(listRows(rows, { has: [has] }));
  assert.deepEqual(found("failure"), ["a"]);
  assert.deepEqual(names(listRows(rows, { failure: ["time-out", "rate-limited"] })), ["a"]);
  assert.deepEqual(names(listRows(rows, { failure: ["rate-limited"] })), []);
  assert.deepEqual(found("unparsed"), ["b"]);
  assert.deepEqual(found("disagreement"), ["c"]);
  assert.deepEqual(found("branch"), ["d"]);
});

Deno.test("listRows() sorts by a column or an outcome, and puts rows without a value last", () => {
  assert.deepEqual(names(listRows(ROWS, { sort: "comments" })), ["c", "b", "D.r1", "a"]);
  assert.deepEqual(names(listRows(ROWS, { sort: "comments", descending: true })), ["a", "D.r1", "b", "c"]);
  assert.deepEqual(names(listRows(ROWS, { descending: true })), ["D.r1", "c", "b", "a"]);
  const outcome = new Map([["a", 2], ["c", 1]]);
  const outcomeOf = ({ discussion }: DiscussionRow, name: string) =>
    name === "toxicity" ? outcome.get(discussion) ?? null : null;
  assert.deepEqual(names(listRows(ROWS, { sort: "outcome:toxicity" }, outcomeOf)), ["c", "a", "b", "D.r1"]);
  assert.deepEqual(listRows(ROWS, { sort: "outcome:toxicity", limit: 3 }, outcomeOf).outcomes, [1, 2, null]);
  const descending = { sort: "outcome:toxicity", descending: true };
  assert.deepEqual(names(listRows(ROWS, descending, outcomeOf)), ["a", "c", "b", "D.r1"]);
});

Deno.test("listRows() keeps the order for columns that do not exist or cannot be sorted", () => {
  for (const sort of ["", "no such", "speakers", "__proto__", "constructor", "outcome:x"]) {
    assert.deepEqual(names(listRows(ROWS, { sort })), ["a", "b", "c", "D.r1"], sort);
  }
});

Deno.test("listRows() gives a page, and limits its length", () => {
  assert.deepEqual(names(listRows(ROWS, { offset: 1, limit: 2 })), ["b", "c"]);
  assert.deepEqual(names(listRows(ROWS, { offset: 9 })), []);
  const many = Array.from({ length: 2_000 }, (_, nth) => row(`d${nth}`));
  assert.deepEqual(
    [{}, { limit: 5_000 }, { limit: -1 }, { limit: NaN }].map((query) => listRows(many, query).rows.length),
    [
      100,
      1_000,
      100,
      100,
    ],
  );
});

Deno.test("listRows() accepts hostile names", () => {
  const rows = [row("__proto__", { condition: "__proto__", factors: JSON.parse('{"__proto__":"x"}') })];
  const { facets } = listRows(rows, { condition: ["__proto__"] });
  assert.deepEqual(facets.factor, [{ value: "__proto__=x", count: 1 }]);
});

Deno.test("rowFilter() and isUnfiltered() read the same filters", () => {
  assert.deepEqual(ROWS.filter(rowFilter({ model: ["m2"] })).map(({ discussion }) => discussion), ["b", "c"]);
  assert.deepEqual([
    isUnfiltered({}),
    isUnfiltered({ model: [] }),
    isUnfiltered({ model: ["m2"] }),
    isUnfiltered({ name: "a" }),
  ], [
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("compareRows() orders by run, then by name", () => {
  const shuffled = [ROWS[3]!, ROWS[1]!, ROWS[0]!, ROWS[2]!];
  assert.deepEqual(shuffled.sort(compareRows).map(({ discussion }) => discussion), ["a", "b", "c", "D.r1"]);
});
