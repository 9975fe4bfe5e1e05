import assert from "node:assert/strict";
import type { FinishReason } from "../events/mod.ts";
import { saying } from "../testing/mod.ts";
import { READING_VERSION, readUtterance } from "./mod.ts";

/** The comment or the reason for silence, by the rules of one version. */
function readBy(reading: number) {
  return (text: string, { speaker = "Ann", passWord = "PASS" } = {}) => {
    const read = readUtterance(saying(text), passWord, { speaker, reading });
    return "text" in read ? { text: read.text } : { silent: read.silent };
  };
}

const read = readBy(READING_VERSION);

Deno.test("readUtterance() reads a comment, without the spaces around it", () => {
  assert.deepEqual(read("I agree."), { text: "I agree." });
  assert.deepEqual(read("\n  I agree.\n\nReally.  "), { text: "I agree.\n\nReally." });
  assert.deepEqual(read('"Quoted" words'), { text: '"Quoted" words' });
});

Deno.test("readUtterance() removes the speaker's own name from the beginning, in any case", () => {
  assert.deepEqual(read("Ann: I agree."), { text: "I agree." });
  assert.deepEqual(read(" ANN:I agree."), { text: "I agree." });
  assert.deepEqual(read("Ann: Ann: twice"), { text: "twice" });
  assert.deepEqual(read("Bob: I agree."), { text: "Bob: I agree." });
  assert.deepEqual(read("Anna: I agree."), { text: "Anna: I agree." });
  assert.deepEqual(read("Ann, I agree."), { text: "Ann, I agree." });
  assert.deepEqual(read("李雷: 好", { speaker: "李雷" }), { text: "好" });
});

const EMPTY = [
  "",
  " \t\r\n",
  '""',
  "''",
  ' " " ',
  "``",
  "“”",
  "‘’",
  "«»",
  "‹ ›",
  "„“",
  "‚‘",
  "「」",
  "『』",
  "｢｣",
  "〝〞",
  "＂＂",
  "﹁﹂",
  "\u200b",
  "\u200e\u200f",
  "\u200c\u200d",
  "\u2060\ufeff",
  "\u00ad",
  "\u00a0\u3000\u2028",
  "\u3164",
  "\0",
  '"\u200b"',
  "Ann:",
  'Ann: ""',
];

Deno.test("readUtterance() reads an empty reply, or only quotation marks and invisible characters, as silence", () => {
  for (const text of EMPTY) assert.deepEqual(read(text), { silent: "empty" }, JSON.stringify(text));
});

const SAID = [
  "0",
  "…",
  "...",
  "?",
  "🙂",
  "👩‍🚀",
  "-",
  "'0'",
  "“no”",
  "null",
  "هذا رأيي",
  "我同意",
  "はい",
  "हाँ",
  "да",
  "𝒶",
  "Pass me the salt",
  "I'll pass.",
  "Password",
  "PASS: no",
  "pass pass",
  "Ann",
];

Deno.test("readUtterance() reads every other reply as a comment, however short and in any script", () => {
  for (const text of SAID) assert.deepEqual(read(text), { text }, text);
});

Deno.test("readUtterance() recognises the pass word in any case, with punctuation, quotes or emphasis around it", () => {
  for (
    const text of [
      "PASS",
      "pass",
      "Pass.",
      '"PASS"',
      "**PASS**",
      "[pass]",
      "(Pass!)",
      "Ann: PASS",
      "PASS\u200b",
    ]
  ) {
    assert.deepEqual(read(text), { silent: "pass-word" }, text);
  }
  for (const text of ["SKIP", "skip."]) {
    assert.deepEqual(read(text, { passWord: "skip" }), { silent: "pass-word" }, text);
  }
  assert.deepEqual(read("PASS", { passWord: "skip" }), { text: "PASS" });
});

Deno.test("readUtterance() recognises pass words of several words, in other scripts, or of signs", () => {
  for (
    const [passWord, text] of [
      ["[no comment]", "No comment."],
      ["[no comment]", "[NO COMMENT]"],
      ["棄権", "「棄権」"],
      ["ПАС", "пас"],
      ["-", "-"],
      ["🤐", " 🤐 "],
    ] as const
  ) {
    assert.deepEqual(read(text, { passWord }), { silent: "pass-word" }, text);
  }
  assert.deepEqual(read("🙂", { passWord: "🤐" }), { text: "🙂" });
});

Deno.test("readUtterance() recognises no pass word if there is none", () => {
  for (const text of ["PASS", "...", "-"]) assert.deepEqual(read(text, { passWord: "" }), { text });
});

/** Reads a reply with the given text and finish reason. */
function ended(text: string, finishReason: FinishReason, reading = READING_VERSION) {
  return readUtterance({ text, finishReason }, "PASS", { speaker: "Ann", reading });
}

const NOTHING_TAKEN = { thoughts: null, removed: [] };

Deno.test("readUtterance() reads a withheld reply as silence, even if it has a text", () => {
  for (const text of ["I am", ""]) {
    assert.deepEqual(ended(text, "refused"), { silent: "refused", ...NOTHING_TAKEN });
  }
});

Deno.test("readUtterance() reads the text of a cut reply as a comment", () => {
  assert.deepEqual(ended("And so I", "length"), { text: "And so I", ...NOTHING_TAKEN });
});

Deno.test("readUtterance() distinguishes a reply that was cut before any text from a silence that the speaker chose", () => {
  for (
    const text of ["", " \n", '"', "Ann:", "**Ann:**", "<think>", "<think>\nLet me see", "<|channel|>ana"]
  ) {
    const read = ended(text, "length");
    assert.equal("silent" in read && read.silent, "cut-before-text", text);
  }
  const unclosed = ended("<think>\nLet me see", "stop");
  assert.deepEqual(unclosed, { silent: "cut-before-text", thoughts: "Let me see", removed: [] });
  for (const text of ["", "<think>\nNothing to add.\n</think>", "Nothing to add.</think>\n"]) {
    const read = ended(text, "stop");
    assert.equal("silent" in read && read.silent, "empty", text);
  }
});

Deno.test("readUtterance() ignores thoughts when it looks for silence, even if comments keep them", () => {
  const kept = (text: string, finishReason: FinishReason = "stop") => {
    const options = { speaker: "Ann", thoughts: "keep", reading: READING_VERSION } as const;
    return readUtterance({ text, finishReason }, "PASS", options);
  };
  const said = "<think>Hm.</think>\nI agree.";
  assert.deepEqual(kept(said), { text: said, thoughts: null, removed: [] });
  assert.deepEqual(kept("<think>Hm.</think>\n\nPASS"), { silent: "pass-word", thoughts: "Hm.", removed: [] });
  assert.deepEqual(kept("<think>Hm.</think>"), { silent: "empty", thoughts: "Hm.", removed: [] });
  assert.deepEqual(kept("<think>Hm", "length"), { silent: "cut-before-text", thoughts: "Hm", removed: [] });
});

Deno.test("readUtterance() reads replies of version 1 by the rules of version 1", () => {
  const readOnce = readBy(1);
  assert.deepEqual(readOnce("<think>No.</think> PASS"), { text: "<think>No.</think> PASS" });
  assert.deepEqual(readOnce("**Ann:** PASS"), { text: "**Ann:** PASS" });
  assert.deepEqual(readOnce("Ann: Ann: twice"), { text: "Ann: twice" });
  assert.deepEqual(readOnce("Ann: PASS"), { silent: "pass-word" });
  assert.deepEqual(ended("", "length", 1), { silent: "empty", ...NOTHING_TAKEN });
});

Deno.test("readUtterance() quickly reads a reply with a million signs", () => {
  // A regular expression that tries every start and every end of this row of points would take hours.
  const text = `x${".".repeat(1_000_000)}x`;
  assert.deepEqual(read(text), { text });
});
