/** Changes files at random. The program must read a changed file, or report problems with their positions. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { parse, stringify } from "npm:yaml@2.9.1";
import { fileSources } from "../../adapters/local/file_sources.ts";
import { loadExtensions } from "../../adapters/local/load_extensions.ts";
import { readExperiment } from "../../adapters/local/load_experiment.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import {
  experimentDocument,
  ExperimentError,
  experimentFingerprint,
  extensionPathsOf,
  parseAnalysis,
  parseAnnotation,
  readDocument,
} from "../../core/experiment/mod.ts";
import { changedText, changedValue } from "../../core/testing/mutations.ts";
import { play } from "../../core/testing/mod.ts";
import { INIT_TEMPLATES } from "../init/mod.ts";
import { judgedExperiment } from "./experiments.ts";

/** The number of random changes for each file and each kind of change. */
const CHANGES = 150;

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const QUICKSTART = join(PROJECT, "fixtures", "quickstart", "experiment.yaml");
const EXTENDED = join(PROJECT, "examples", "extended.yaml");
const ANNOTATION = join(PROJECT, "examples", "toxicity.yaml");

type Source = Readonly<{ path: string; text: string }>;

const EXPERIMENTS: readonly Source[] = [
  ...[QUICKSTART, EXTENDED].map((path) => ({ path, text: Deno.readTextFileSync(path) })),
  { path: "template.yaml", text: INIT_TEMPLATES[0].text },
  { path: "rated.yaml", text: judgedExperiment("{ adapter: scripted }") },
];

const ANNOTATIONS: readonly Source[] = [
  { path: ANNOTATION, text: Deno.readTextFileSync(ANNOTATION) },
  {
    path: "scales.yaml",
    text: `
pass: all-scales
models: { judge: { adapter: openai, model: any, baseUrl: "http://localhost:1/v1", apiKeyEnv: KEY, temperature: 0 } }
annotators:
  - { model: judge, personas: [{ name: Rita, age: 58 }, { name: Sam }], count: 1, instructions: Judge. }
  - { model: [judge], name: Crowd }
history: all
targets: { of: participants, perDiscussion: 3 }
requests: together
retries: 1
codebook: second
scales:
  mood: { type: ordinal, min: 1, max: 3, labels: { 1: bad, 2: so-so, 3: good }, question: How?, grammar: exact }
  heat: { type: interval, min: 0, max: 1, question: How hot? }
  side: { type: nominal, labels: [for, against], question: Which? }
  rude: { type: boolean, question: Is it rude? }
  why: { type: text, maxLength: 100, question: Why? }
`,
  },
];

/** Reads an experiment, plans it, and runs its first and its last discussion. */
async function readAndPlay({ path, text }: Source): Promise<void> {
  const { experiment, plan, rules } = await readExperiment({ path, text, folder: dirname(path) });
  assert.match(
    experimentFingerprint(experimentDocument(experiment, nativeSha256), nativeSha256),
    /^[0-9a-f]{64}$/,
  );
  for (const place of new Set([0, plan.size - 1])) {
    const design = plan.at(place);
    const { events } = play({ ...design, turns: Math.min(3, design.turns) }, () => "Well!", rules);
    assert.equal(events.at(-1)!.type, "DiscussionCompleted");
  }
}

async function readPass({ path, text }: Source): Promise<void> {
  const folder = dirname(path);
  const document = readDocument(text, path);
  const { known } = await loadExtensions(extensionPathsOf(document), folder);
  const options = { sources: fileSources(folder), extensions: known, seed: "1" };
  const { design } = await parseAnnotation(document, options);
  assert.ok(design.codebook.scales.length > 0);
}

const ANALYSES: readonly Source[] = [{
  path: "analysis.yaml",
  text: `
question: Does a moderator keep a discussion calm?
reference: { moderator: none, temperature: 0.9 }
outcomes: [mood, side=against, second/rude, words]
effects: [moderator, turn, "moderator:temperature:turn"]
comments: all
silences: include
time: position
test: permutation
correction: benjamini-hochberg
level: 0.9
`,
}];

function readAnalysed({ path, text }: Source): Promise<void> {
  const question = "?";
  const mood = { name: "mood", type: "ordinal", min: 1, max: 3, question } as const;
  const side = { name: "side", type: "nominal", labels: ["for", "against"], question } as const;
  const rude = { name: "rude", type: "boolean", question } as const;
  return Promise.try(() => {
    const { level } = parseAnalysis(text, {
      file: path,
      factors: { moderator: ["none", "gentle"], temperature: ["0.2", "0.9"] },
      scales: [{ pass: "first", scale: mood }, { pass: "first", scale: side }, {
        pass: "second",
        scale: rude,
      }],
    });
    assert.ok(level > 0.5 && level < 1);
  });
}

/** Checks that reading succeeds, or reports at least one problem, all at positions in the file. */
async function readOrRefused(source: Source, read: (source: Source) => Promise<void>): Promise<void> {
  try {
    await read(source);
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    assert.ok(error.problems.length > 0);
    for (const { file, line, column, message } of error.problems) {
      assert.ok(message.length > 0);
      if (file !== source.path) continue;
      const { length } = source.text.split("\n");
      assert.ok(
        line >= 1 && line <= length && column >= 1,
        `${line}:${column}, of ${length} lines: ${message}`,
      );
    }
  }
}

const READERS = [[EXPERIMENTS, readAndPlay], [ANNOTATIONS, readPass], [ANALYSES, readAnalysed]] as const;

for (const [sources, read] of READERS) {
  for (const { path, text } of sources) {
    const name = path.replace(PROJECT, "");
    Deno.test(`${read.name}() accepts ${name} with a random change to its structure, or reports the position of a problem`, async () => {
      await read({ path, text });
      await fc.assert(
        fc.asyncProperty(changedValue(parse(text)), fc.boolean(), async (value, isJson) => {
          const changed = isJson ? JSON.stringify(value) : stringify(value, { aliasDuplicateObjects: false });
          await readOrRefused({ path, text: changed }, read);
        }),
        { numRuns: CHANGES },
      );
    });

    Deno.test(`${read.name}() accepts ${name} with a random change to its text, or reports the position of a problem`, async () => {
      await fc.assert(
        fc.asyncProperty(changedText(text), async (changed) => {
          await readOrRefused({ path, text: changed }, read);
        }),
        { numRuns: CHANGES },
      );
    });
  }
}
