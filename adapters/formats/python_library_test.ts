import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../../core/testing/any_text.ts";
import { evolve, initialState } from "../../core/discussion/mod.ts";
import type { DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import { ORDER_START, orderAfter, shapeProblem } from "../../core/events/discussion_event.ts";
import { nativeSha256 } from "../system.ts";
import { FormatError } from "./format_error.ts";
import { eventsOfOutside } from "./imported_discussion.ts";
import { readPythonDiscussion, type RoleRule } from "./python_discussion.ts";
import { exampleText, PYTHON_2_0, PYTHON_2_2, pythonFileOf } from "./testing/python_examples.ts";

const TROLLS: readonly RoleRule[] = [{ name: "troll", contains: "online troll" }];

function read(text: string, roles: readonly RoleRule[] = []) {
  return readPythonDiscussion(text, { file: "f.json", sha256: "0".repeat(64) }, {
    roles,
    sha256: nativeSha256,
  });
}

function eventsOf(text: string): DiscussionEvent[] {
  const identity = { id: "d", experiment: "e", condition: "c", factors: {}, replicate: 1, seed: "s" };
  return eventsOfOutside(read(text), identity);
}

/** Checks that the events have valid shapes and a valid order, and can be replayed. */
function assertLegal(events: readonly DiscussionEvent[]): void {
  // A log stores events as JSON.
  const stored = JSON.parse(JSON.stringify(events)) as Pick<Envelope, "type" | "data">[];
  for (const event of stored as DiscussionEvent[]) assert.equal(shapeProblem(event), null);
  assert.equal((stored as DiscussionEvent[]).reduce(orderAfter, ORDER_START).phase, "ended");
  assert.equal((stored as DiscussionEvent[]).reduce(evolve, initialState).phase, "ended");
}

Deno.test("readPythonDiscussion() distinguishes openings, turns, moderations and silences in a file of 2.0", () => {
  const events = eventsOf(exampleText(PYTHON_2_0));
  assertLegal(events);
  // The file has two openings, then six turns, each followed by the moderator; five entries are silent.
  assert.deepEqual(events.slice(1, -1).map(({ type, data }) => [type, "turn" in data ? data.turn : -1]), [
    ["SeedCommentPosted", -1],
    ["SeedCommentPosted", -1],
    ["TurnTaken", 0],
    ["ModeratorIntervened", 0],
    ["TurnPassed", 1],
    ["ModeratorAbstained", 1],
    ["TurnTaken", 2],
    ["ModeratorAbstained", 2],
    ["TurnTaken", 3],
    ["ModeratorAbstained", 3],
    ["TurnTaken", 4],
    ["ModeratorIntervened", 4],
    ["TurnTaken", 5],
    ["ModeratorAbstained", 5],
  ]);
  assert.deepEqual(events.at(-1), {
    type: "DiscussionCompleted",
    data: { reason: "turns", turns: 6, comments: 9 },
  });
  assert.deepEqual(events[14]!.data, { turn: 5, moderator: "moderator", reason: "empty", raw: '" "' });
});

Deno.test("readPythonDiscussion() reads participants and roles from the prompts of 2.0", () => {
  const { participants, moderator, context, instructions, history, origin } = read(
    exampleText(PYTHON_2_0),
    TROLLS,
  );
  assert.equal(context, "You take part in an online forum.");
  assert.equal(instructions, "Write one comment.");
  assert.equal(history, 3);
  assert.equal(origin.format, "python-library/2.0");
  assert.deepEqual(participants.map(({ name, model, role }) => [name, model, role]), [
    ["ann", "tiny", undefined],
    ["ben", "tiny", { name: "troll", instructions: "You are an online troll. Provoke the others." }],
    ["cleo", "tiny", undefined],
  ]);
  assert.equal(participants[0]!.persona.username, "ann");
  assert.deepEqual(participants[0]!.persona.personality_characteristics, ["Calm"]);
  assert.equal(moderator!.instructions, "Keep it civil. Stay silent where you can.");
});

Deno.test("readPythonDiscussion() gives equal instructions the same role if no rule applies", () => {
  const { participants, instructions } = read(exampleText(PYTHON_2_0));
  const [ann, ben, cleo] = participants.map(({ role }) => role!);
  assert.equal(instructions, "");
  assert.match(ann!.name, /^instructions-[0-9a-f]{8}$/);
  assert.equal(ann!.name, cleo!.name);
  assert.notEqual(ann!.name, ben!.name);
});

Deno.test("readPythonDiscussion() reads participants from the log of 2.2, where moderators are users", () => {
  const { participants, moderator, slots, origin } = read(exampleText(PYTHON_2_2), TROLLS);
  assertLegal(eventsOf(exampleText(PYTHON_2_2)));
  assert.equal(origin.format, "python-library/2.2");
  assert.equal(moderator, null);
  assert.deepEqual(participants.map(({ name, model, role }) => [name, model, role?.name.slice(0, 12)]), [
    ["ann", "tiny", "instructions"],
    ["moderator", "small", "instructions"],
    ["ben", "tiny", "troll"],
  ]);
  assert.deepEqual(slots.map(({ by }) => by), [
    "opening",
    "opening",
    ...Array.from({ length: 6 }, () => "participant"),
  ]);
});

Deno.test("readPythonDiscussion() distinguishes speakers with the same name by their prompts", () => {
  const entry = (prompt: string, text: string) => ({ name: "<Unnamed>", text, model: "m", prompt });
  const file = { timestamp: "26-01-01-10-00", logs: [entry("{}", "a"), entry("x", "b"), entry("{}", "c")] };
  const events = eventsOf(JSON.stringify(file));
  assert.deepEqual(
    events.slice(1, -1).map(({ data }) => "participant" in data && data.participant),
    ["<Unnamed>", "<Unnamed> (2)", "<Unnamed>"],
  );
  assert.deepEqual(pythonFileOf(events), file);
});

for (const name of [PYTHON_2_0, PYTHON_2_2]) {
  Deno.test(`readPythonDiscussion() loses nothing of ${name}`, () => {
    assert.deepEqual(pythonFileOf(eventsOf(exampleText(name))), JSON.parse(exampleText(name)));
  });
}

const hostile = fc.oneof(
  anyText(),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "\u0000",
    "\ud800",
    "\u202e",
    "שלום",
    '""',
    '" "',
    "",
    "a\r\nb",
  ),
);

Deno.test("readPythonDiscussion() keeps any name, text, model and prompt of 2.0", () => {
  const file = fc.record({
    users: fc.uniqueArray(hostile, { minLength: 1, maxLength: 4 }),
    id: fc.string({ minLength: 1 }),
    timestamp: hostile,
    ctx_length: fc.nat(9),
    entries: fc.array(fc.record({ by: fc.nat(), text: hostile, model: hostile }), { maxLength: 8 }),
    prompt: hostile,
  }).map(({ users, entries, prompt, ...members }) => ({
    ...members,
    users,
    moderator: null,
    user_prompts: users.map(() => prompt),
    moderator_prompt: null,
    logs: entries.map(({ by, text, model }) => ({ name: users[by % users.length]!, text, model })),
  }));
  fc.assert(fc.property(file, (value) => {
    const text = JSON.stringify(value);
    const events = eventsOf(text);
    assertLegal(events);
    assert.equal(JSON.stringify(sorted(pythonFileOf(events))), JSON.stringify(sorted(JSON.parse(text))));
  }));
});

Deno.test("readPythonDiscussion() keeps any name, text, model and prompt of 2.2", () => {
  const entry = fc.record({ name: hostile, text: hostile, model: hostile, prompt: hostile });
  const file = fc.record({ timestamp: hostile, logs: fc.array(entry, { maxLength: 8 }) });
  fc.assert(fc.property(file, (value) => {
    const text = JSON.stringify(value);
    const events = eventsOf(text);
    assertLegal(events);
    assert.equal(JSON.stringify(sorted(pythonFileOf(events))), JSON.stringify(sorted(JSON.parse(text))));
  }));
});

/** Sorts keys, since their order has no meaning. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [key, sorted(inner)]);
}

const users = {
  id: "x",
  users: ["a"],
  moderator: "m",
  user_prompts: ["{}"],
  moderator_prompt: "{}",
  logs: [],
};
const said = (name: string) => ({ name, text: "t", model: "m" });

const REFUSALS: readonly (readonly [name: string, text: string, message: RegExp, line?: number])[] = [
  ["a file that is not JSON", '{\n "logs": [,]}', /not JSON from column 11/, 2],
  ["a file that ends too early", '{\n "logs": [', /it ends too early/, 2],
  ["other JSON", "[1]", /not a discussion of the Python library/],
  ["annotations", exampleText("annotations/rater_of_all.json"), /it holds annotations/],
  ["annotations of 2.2", exampleText("annotations/rater_2_2.json"), /it holds annotations/],
  [
    "two users with the same name",
    JSON.stringify({ ...users, users: ["a", "a"], user_prompts: ["", ""] }),
    /called "a"/,
  ],
  ["a moderator called like a user", JSON.stringify({ ...users, moderator: "a" }), /called "a"/],
  [
    "missing prompts",
    JSON.stringify({ ...users, user_prompts: [] }),
    /1 "users" but 0 "user_prompts"/,
  ],
  ["an unknown speaker", JSON.stringify({ ...users, logs: [said("a"), said("z")] }), /entry 1 .* by "z"/],
  [
    "a moderator who speaks first",
    JSON.stringify({ ...users, logs: [said("m")] }),
    /entry 0 .* before any user has spoken/,
  ],
  [
    "an entry without a text",
    JSON.stringify({ ...users, logs: [{ name: "a", model: "m" }] }),
    /entry 0 .* "text"/,
  ],
  [
    "an entry that is not an object",
    JSON.stringify({ ...users, logs: [null] }),
    /entry 0 of "logs" is not an object/,
  ],
  ["deep nesting", `{"logs":${"[".repeat(2000)}${"]".repeat(2000)}}`, /nested more than 100/],
];

for (const [name, text, message, line] of REFUSALS) {
  Deno.test(`readPythonDiscussion() refuses ${name}`, () => {
    assert.throws(() => read(text), (error) => {
      assert.ok(error instanceof FormatError, String(error));
      assert.match(error.message, message);
      assert.equal(error.line, line);
      return true;
    });
  });
}
