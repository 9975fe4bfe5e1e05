/** Checks that no text contains a forbidden phrase. Each phrase is listed with its replacement. */
import assert from "node:assert/strict";
import { join } from "node:path";

const ROOT = join(import.meta.dirname!, "..");

/** The files that this test reads. */
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

/** References that mean nothing to others: numbers of issues, private servers, paths of one machine. */
const PLACES: readonly Phrase[] = [
  { pattern: /\bissue #?\d|\(#\d+\)/i, instead: "the reason itself" },
  { pattern: /\bregistry\.[a-z]+\.|\bjsr\.io\b/i, instead: "the name of the package" },
  { pattern: /["'`\s(]\/(?:work|mnt|media)\//, instead: "a path relative to the file" },
];

/** Where a phrase must stay, and why. If an exception has no `text`, it is for the whole file. */
const EXCEPTIONS: readonly Readonly<{ paths: readonly string[]; text?: string; reason: string }>[] = [
  { paths: ["core/plain_english_test.ts"], reason: "it lists the phrases" },
  { paths: ["CONTRIBUTING.md"], text: '"so", not "hence"', reason: "it quotes the phrase" },
  { paths: ["examples/least_heard.ts"], text: "least-heard", reason: "a name in logs" },
  {
    paths: ["adapters/models/scripted/lines.ts"],
    reason: "comments that the scripted model writes into logs",
  },
  { paths: ["fixtures/quickstart/openings.yaml"], reason: "comments of people" },
  {
    paths: [
      "core/templates/default_set.ts",
      "core/templates/dialogue_set.ts",
      "core/discussion/prompt_test.ts",
      "adapters/models/scripted/lines_test.ts",
      "adapters/models/scripted/scripted_test.ts",
    ],
    text: "Nobody has spoken yet.",
    reason: "a prompt; logs contain its hash",
  },
  {
    paths: ["core/engine/golden_logs_test.ts", "fixtures/golden/make.ts"],
    text: "Nobody has shown that anybody would",
    reason: "a reply in golden logs",
  },
  { paths: ["core/annotation/scales/doubt_words.ts"], text: "nobody", reason: "a word of replies" },
  {
    paths: ["core/annotation/scales/doubt_words.ts", "core/annotation/scales/numbers.ts"],
    text: "hence|",
    reason: "a word of replies",
  },
  {
    paths: ["core/annotation/scales/doubt_words.ts", "core/annotation/scales/numbers.ts"],
    text: "thus|",
    reason: "a word of replies",
  },
  { paths: ["core/annotation/scales/clauses_test.ts"], text: '"no more than 3"', reason: "a reply" },
  {
    paths: [
      "analysis/listing/listed_log.ts",
      "analysis/listing/overview.ts",
      "analysis/listing/overview_test.ts",
      "analysis/projections/log_status.ts",
      "analysis/report/sections/execution.ts",
      "cli/commands/annotate_slow_test.ts",
      "cli/commands/import_annotations_slow_test.ts",
      "cli/progress/annotation_progress.ts",
      "cli/progress/annotation_progress_test.ts",
      "cli/progress/summary.ts",
      "cli/status/view.ts",
    ],
    text: "unread",
    reason: "a key of JSON output and a column of CSV files",
  },
];

async function* pathsUnder(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (name.startsWith(".") || NOT_READ.has(path)) continue;
    if (isDirectory) yield* pathsUnder(path);
    else if (READABLE.test(name)) yield path;
  }
}

async function findings(phrases: readonly Phrase[]): Promise<string[]> {
  const found: string[] = [];
  for await (const path of pathsUnder("")) {
    const exceptions = EXCEPTIONS.filter(({ paths }) => paths.includes(path));
    for (const [index, line] of (await Deno.readTextFile(join(ROOT, path))).split("\n").entries()) {
      if (exceptions.some(({ text }) => text === undefined || line.includes(text))) continue;
      for (const { pattern, instead } of phrases) {
        const phrase = pattern.exec(line)?.[0];
        if (phrase !== undefined) found.push(`${path}:${index + 1}: "${phrase}"; instead: ${instead}`);
      }
    }
  }
  return found;
}

Deno.test("comments, messages and documents are in plain English", async () => {
  const found = await findings(PHRASES);
  assert.equal(found.length, 0, `Write what you would say aloud to a colleague:\n  ${found.join("\n  ")}`);
});

Deno.test("no text refers to issues, servers or paths that others cannot reach", async () => {
  const found = await findings(PLACES);
  assert.equal(found.length, 0, `These mean nothing to others:\n  ${found.join("\n  ")}`);
});

Deno.test("every exception is still needed", async () => {
  for (const { paths, text } of EXCEPTIONS) {
    for (const path of paths) {
      assert.ok((await Deno.readTextFile(join(ROOT, path))).includes(text ?? ""), `${path}: ${text}`);
    }
  }
});
