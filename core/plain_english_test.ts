/** Plain English, as a test: phrases that do not come back, each with what to write instead. */
import assert from "node:assert/strict";
import { join } from "node:path";

const ROOT = join(import.meta.dirname!, "..");

/** What this test reads: the folders and files that are plain already. */
const READ = ["docs", "examples", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

const READABLE = /\.(?:ts|tsx|md|yaml)$/;

/** The table lists every phrase itself. */
const NOT_READ: ReadonlySet<string> = new Set([
  "core/plain_english_test.ts",
  "docs/reference/commands.md",
  "docs/reference/experiment.md",
]);

type Phrase = Readonly<{ pattern: RegExp; instead: string }>;

const PHRASES: readonly Phrase[] = [
  // Verbs with a plain equivalent.
  { pattern: /\bset(?:s|ting)? aside\b|\bleft aside\b/i, instead: "failed, ignored, excluded" },
  { pattern: /\b(?:go|goes|going|gone|went) on with\b/i, instead: "resume, continue" },
  { pattern: /\bt(?:ak(?:e|es|en|ing)|ook) up again\b/i, instead: "resume" },
  { pattern: /\bg(?:ive|ives|iven|ave|iving) up\b/i, instead: "fail, cancel, stop trying" },
  { pattern: /\bholds? .{1,30} against\b|\bheld against\b/i, instead: "compare with, check against" },
  { pattern: /\bheld to\b/i, instead: "restricted to" },
  { pattern: /\bheard\b/i, instead: "received, reported" },
  { pattern: /\bc(?:a|o)me(?:s)? of\b/i, instead: "result" },
  { pattern: /\b(?:is|are) (?:told|said) of\b/i, instead: "say it actively: x reports y" },
  // The agent has a name.
  { pattern: /\bnobody\b/i, instead: "no one, or name the agent: no user, no annotator" },
  { pattern: /\b(?:some|any)body\b/i, instead: "name the person: the user, a participant" },
  { pattern: /\bwho(?:m)?ever\b/i, instead: "the user who, anyone who" },
  { pattern: /\b(?:is|are|was|were) what\b/i, instead: "say it directly" },
  // One concept has one word.
  { pattern: /\b(?:un)?bound(?:s|ed)?\b/i, instead: "limit, limited" },
  { pattern: /\bunread\b|\bnot readable\b/i, instead: "unparsed, cannot be read" },
  { pattern: /\bjudg(?:ed|ing)\b/i, instead: "annotated, rated" },
  { pattern: /\bseed comments?\b/i, instead: "opening comment" },
  // Common words.
  { pattern: /\bso many\b/i, instead: "n, at most n" },
  { pattern: /\bno more than\b/i, instead: "at most" },
  { pattern: /\b(?:nothing|none) but\b/i, instead: "only" },
  { pattern: /\bth(?:at|ose) of\b/i, instead: "repeat the noun, or write its owner with 's" },
  { pattern: /\bby alone\b|\bof itself\b/i, instead: "alone, automatically" },
  { pattern: /\bas it c(?:o|a)mes?\b/i, instead: "by default, unchanged" },
  { pattern: /\bin (?:its|their) stead\b/i, instead: "instead" },
  {
    pattern: /\b(?:there|where)(?:of|in|by)\b|\b(?:hitherto|henceforth|whilst|albeit|hence|thus|lest)\b/i,
    instead: "so, in it, while, although",
  },
];

/** Places where a phrase must stay, with the reason. */
const EXCEPTIONS: readonly Readonly<{ path: string; text: string; reason: string }>[] = [
  { path: "CONTRIBUTING.md", text: '"so", not "hence"', reason: "it quotes the phrase" },
  { path: "examples/least_heard.ts", text: "least-heard", reason: "a name that logs hold" },
];

async function* pathsUnder(path: string): AsyncGenerator<string> {
  if ((await Deno.stat(join(ROOT, path))).isFile) return yield path;
  for await (const { name } of Deno.readDir(join(ROOT, path))) {
    if (!name.startsWith(".")) yield* pathsUnder(`${path}/${name}`);
  }
}

Deno.test("comments, messages and documents are in plain English", async () => {
  const found: string[] = [];
  for (const start of READ) {
    for await (const path of pathsUnder(start)) {
      if (!READABLE.test(path) || NOT_READ.has(path)) continue;
      const exceptions = EXCEPTIONS.filter((exception) => exception.path === path);
      for (const [index, line] of (await Deno.readTextFile(join(ROOT, path))).split("\n").entries()) {
        if (exceptions.some(({ text }) => line.includes(text))) continue;
        for (const { pattern, instead } of PHRASES) {
          const phrase = pattern.exec(line)?.[0];
          if (phrase !== undefined) found.push(`${path}:${index + 1}: "${phrase}"; instead: ${instead}`);
        }
      }
    }
  }
  assert.equal(found.length, 0, `Write what you would say aloud to a colleague:\n  ${found.join("\n  ")}`);
});

Deno.test("every exception is still needed", async () => {
  for (const { path, text } of EXCEPTIONS) {
    assert.ok((await Deno.readTextFile(join(ROOT, path))).includes(text), `${path}: ${text}`);
  }
});
