/** Plain English, as a test: phrases that do not come back, each with what to write instead. */
import assert from "node:assert/strict";
import { join } from "node:path";

const ROOT = join(import.meta.dirname!, "..");

/** What this test reads: every text that people wrote. */
const READABLE = /\.(?:ts|tsx|md|yaml)$/;

/** Folders that runs, builds and package managers leave behind. */
const NOT_READ: ReadonlySet<string> = new Set(["node_modules", "runs", "dist", "coverage"]);

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

/** Names of places that mean nothing outside the place where this was written. */
const PLACES: readonly Phrase[] = [
  { pattern: /\bissue #?\d|\(#\d+\)/i, instead: "the reason itself" },
  { pattern: /\bregistry\.[a-z]+\.|\bjsr\.io\b/i, instead: "the name of the package" },
  { pattern: /["'`\s(]\/(?:work|mnt|media)\//, instead: "a path relative to the file" },
];

/** Places where a phrase must stay, with the reason. Without `text`, the whole file. */
const EXCEPTIONS: readonly Readonly<{ path: string; text?: string; reason: string }>[] = [
  { path: "core/plain_english_test.ts", reason: "it lists the phrases" },
  { path: "CONTRIBUTING.md", text: '"so", not "hence"', reason: "it quotes the phrase" },
  { path: "examples/least_heard.ts", text: "least-heard", reason: "a name that logs hold" },
  { path: "adapters/models/scripted/lines.ts", reason: "comments that the scripted model writes into logs" },
  { path: "fixtures/quickstart/openings.yaml", reason: "comments of people" },
];

/**
 * Findings that are still there, by folder: words of prompts and replies, names that logs hold, and test data for the most
 * part. A number can only fall.
 */
const LEFT: Readonly<Record<string, number>> = {
  "adapters/imports": 1,
  "adapters/local": 1,
  "adapters/models": 2,
  "adapters/tables": 2,
  "analysis/projections": 3,
  "analysis/report": 22,
  "cli/commands": 9,
  "cli/plan": 4,
  "cli/progress": 9,
  "cli/status": 2,
  "cli/testing": 4,
  "core": 7,
  "core/annotation": 20,
  "core/discussion": 17,
  "core/engine": 2,
  "core/events": 5,
  "core/moderation": 2,
  "core/ports": 2,
  "core/testing": 9,
  "core/turn_taking": 9,
  "fixtures/golden": 2,
};

async function* pathsUnder(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (name.startsWith(".") || NOT_READ.has(path)) continue;
    if (isDirectory) yield* pathsUnder(path);
    else if (READABLE.test(name)) yield path;
  }
}

async function findings(phrases: readonly Phrase[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for await (const path of pathsUnder("")) {
    const exceptions = EXCEPTIONS.filter((exception) => exception.path === path);
    const folder = path.split("/").slice(0, -1).slice(0, 2).join("/");
    for (const [index, line] of (await Deno.readTextFile(join(ROOT, path))).split("\n").entries()) {
      if (exceptions.some(({ text }) => text === undefined || line.includes(text))) continue;
      for (const { pattern, instead } of phrases) {
        const phrase = pattern.exec(line)?.[0];
        if (phrase === undefined) continue;
        const finding = `${path}:${index + 1}: "${phrase}"; instead: ${instead}`;
        found.set(folder, [...found.get(folder) ?? [], finding]);
      }
    }
  }
  return found;
}

Deno.test("comments, messages and documents are in plain English", async () => {
  const found = await findings(PHRASES);
  const more = [...found].filter(([folder, of]) => of.length > (LEFT[folder] ?? 0)).flatMap(([, of]) => of);
  assert.equal(more.length, 0, `Write what you would say aloud to a colleague:\n  ${more.join("\n  ")}`);
});

Deno.test("no text names a place that others cannot reach", async () => {
  const found = [...(await findings(PLACES)).values()].flat();
  assert.equal(found.length, 0, `These mean nothing to others:\n  ${found.join("\n  ")}`);
});

Deno.test("every exception is still needed", async () => {
  for (const { path, text } of EXCEPTIONS) {
    assert.ok((await Deno.readTextFile(join(ROOT, path))).includes(text ?? ""), `${path}: ${text}`);
  }
});
