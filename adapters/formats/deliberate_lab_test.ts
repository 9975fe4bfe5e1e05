/**
 * Tests with experiments of Deliberate Lab. The example file was written by hand from the types in that
 * program's code; the tests add messages of older versions.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readDeliberateLab } from "./deliberate_lab.ts";
import { FormatError } from "./format_error.ts";

const EXAMPLE = await Deno.readTextFile(
  fileURLToPath(new URL("../../examples/import/deliberate_lab.json", import.meta.url)),
);
const SOURCE = { file: "deliberate_lab.json", sha256: "0".repeat(64) };

function read(text = EXAMPLE, keepPrivate = false) {
  const { discussions, notes } = readDeliberateLab(text, SOURCE, { keepPrivate });
  return { found: discussions.map((one) => ({ ...one, ...one.read() })), notes };
}

/** An experiment with one chat. */
function withMessages(...messages: readonly object[]): string {
  return JSON.stringify({
    experiment: { id: "e", metadata: { name: "old" } },
    stageMap: {},
    participantMap: { p1: { profile: { publicId: "p1", name: "Ann" } } },
    cohortMap: { c: { cohort: { id: "c", metadata: { name: "Group" } }, chatMap: { s: messages } } },
  });
}

Deno.test("each thread of each chat of a cohort is a discussion, and its condition has the cohort's alias, variables or name", () => {
  const { found, notes } = read();
  assert.deepEqual(found.map(({ id, condition }) => [id, condition]), [
    ["c1/chat", "mediated"],
    ["c2/later/q1", "tone=heated, size=2"],
    ["c2/later/q2", "tone=heated, size=2"],
  ]);
  assert.deepEqual(found[1]!.variables, { tone: "heated", size: "2" });
  assert.deepEqual(notes, [
    "1 of its chats have no messages",
    "private chats and answers to surveys are not imported",
  ]);
});

Deno.test("messages become comments of people, models, mediators and experimenters", () => {
  const { slots, participants, moderator } = read().found[0]!;
  assert.deepEqual(slots.map(({ by, name, text }) => [by, name, text]), [
    ["opening", "Mia", "Welcome. Should trams be free?"],
    ["participant", "Otter", "Yes, free for everyone!\nMy bus is full."],
    ["participant", "Fox", "Who pays for it?"],
    ["participant", "Owl", "Taxes, as for roads."],
    ["moderator", "Mia", "Please give an example."],
    ["intervention", "Experimenter", "Two minutes are left."],
    ["participant", "Otter", "<b>Vienna</b>, one euro a day."],
  ]);
  assert.deepEqual(participants.map(({ name, model }) => [name, model]), [
    ["Otter", "human"],
    ["Fox", "human"],
    ["Owl", "gemini-test"],
  ]);
  assert.deepEqual([moderator!.name, moderator!.model], ["Mia", "gpt-test"]);
});

Deno.test("times, replies, reactions, reasons, notes of the system and failures are kept", () => {
  const { members, entries } = read().found[0]!.origin;
  assert.equal(entries["1"]!.at, "2026-05-28T20:27:00.123Z");
  assert.deepEqual(entries["1"]!.reactionMap, { heart: ["fox-red-2"] });
  assert.equal((entries["2"]!.replyTo as { id: string }).id, "m2");
  assert.deepEqual([entries["3"]!.explanation, entries["3"]!.reasoning], [
    "I answer Fox.",
    "Roads are a good example.",
  ]);
  assert.deepEqual((members.notes as { text: string }[]).map(({ text }) => text), [
    "Otter entered the chat.",
  ]);
  assert.deepEqual((members.failures as { text: string }[]).map(({ text }) => text), ["Error: quota"]);
  assert.deepEqual([members.startedAt, members.endedAt], [
    "2026-05-28T20:26:40.000Z",
    "2026-05-28T20:36:40.000Z",
  ]);
});

Deno.test("private facts are kept only with keepPrivate", () => {
  const secrets = ["prolific-private-1", "private-2", "researcher@university.example", "My screen froze."];
  const kept = (keepPrivate: boolean) => {
    const text = JSON.stringify(read(EXAMPLE, keepPrivate).found);
    return secrets.filter((secret) => text.includes(secret));
  };
  assert.deepEqual(kept(false), []);
  assert.deepEqual(kept(true), secrets);
  assert.ok(!JSON.stringify(read(EXAMPLE, true).found).includes('"41"'));
});

Deno.test("two people with one name are two participants", () => {
  const { slots } = read().found[1]!;
  assert.deepEqual(slots.map(({ name }) => name), ["Fox 1", "Fox 2"]);
});

Deno.test("messages of older versions have other types, names of fields and timestamps", () => {
  const text = withMessages(
    {
      type: "PARTICIPANT",
      message: "Hello.",
      participantPublicId: "p1",
      timestamp: { _seconds: 0, _nanoseconds: 5e6 },
    },
    { type: "HUMAN_AGENT", message: "Be brief.", profile: { name: "Host" } },
    {
      type: "AGENT_AGENT",
      message: "Any reasons?",
      agentId: "a1",
      profile: { name: "Bot", avatar: "🤖", pronouns: null },
    },
  );
  const { slots, origin, moderator, condition } = read(text).found[0]!;
  assert.deepEqual(slots.map(({ by, name }) => [by, name]), [
    ["participant", "Ann"],
    ["intervention", "Host"],
    ["moderator", "Bot"],
  ]);
  assert.equal(origin.entries["0"]!.at, "1970-01-01T00:00:00.005Z");
  assert.deepEqual([moderator!.model, condition], ["unknown", "Group"]);
});

Deno.test("an error names the message that cannot be read, and files of other formats are refused", () => {
  const refused = (text: string, expected: RegExp) =>
    assert.throws(() => read(text), (error) => error instanceof FormatError && expected.test(error.message));
  refused(
    withMessages({ type: "robot", message: "x" }),
    /^message 0 of its chat has the unknown type "robot"$/,
  );
  refused(withMessages({ type: "participant" }), /^message 0 of its chat has no text in "message"$/);
  refused(withMessages({ type: "system", message: "x" }), /^it has no comment of a participant$/);
  refused("[]", /^it is not an experiment of Deliberate Lab/);
  refused("{", /^it is not JSON/);
});
