/** Reports on randomly drawn small runs are complete. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { runHere } from "../testing/processes.ts";
import { assertSound, writtenReport } from "../testing/written_report.ts";

/** The number of random experiments. Each needs a run and a report, so there are only a few. */
const RUNS = 8;

const SCALES = {
  mood: { type: "ordinal", min: 1, max: 3, question: "How friendly?" },
  share: { type: "interval", min: 0, max: 1, question: "How much?" },
  stance: { type: "nominal", labels: ["for", "against"], question: "Which side?" },
  rude: { type: "boolean", question: "Rude?" },
} as const;

const REPLIES = ["1", "2", "3", "0.5", "for", "against", "yes", "no", "hm", ""] as const;

const NAMES = ["Ada", "Ben", "Cleo", "Dan"] as const;

const experiments = fc.record({
  models: fc.record({
    talker: fc.record({
      adapter: fc.constant("scripted"),
      silence: fc.constantFrom(0, 0.3, 1),
    }),
    judge: fc.record({
      adapter: fc.constant("scripted"),
      annotatorReplies: fc.array(fc.constantFrom(...REPLIES), { minLength: 1, maxLength: 6 }),
    }),
  }),
  people: fc.integer({ min: 1, max: NAMES.length }),
  turns: fc.integer({ min: 1, max: 6 }),
  openings: fc.array(fc.constantFrom("Trams?", "Parks?"), { maxLength: 1 }),
  strategy: fc.constantFrom("random", "round-robin", "respond"),
  factors: fc.subarray(["moderator", "discussion.history"]),
  matched: fc.boolean(),
  replications: fc.integer({ min: 1, max: 3 }),
  scales: fc.subarray(Object.keys(SCALES) as (keyof typeof SCALES)[]),
  judges: fc.integer({ min: 1, max: 3 }),
  analysis: fc.option(fc.record({
    turn: fc.boolean(),
    comments: fc.constantFrom("participants", "moderators", "all"),
    time: fc.constantFrom("turn", "position"),
    correction: fc.constantFrom("holm", "benjamini-hochberg", "none"),
    level: fc.constantFrom(0.9, 0.95, 0.99),
  })),
  /** The share of each log that is kept. */
  kept: fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, {
      arbitrary: fc.double({ min: 0.05, max: 1 }),
      weight: 1,
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

type Drawn = typeof experiments extends fc.Arbitrary<infer T> ? T : never;

function experimentOf(drawn: Drawn): string {
  const { models, people, turns, openings, strategy, factors, scales, judges, analysis } = drawn;
  // Comments of moderators can be compared only between conditions that all have a moderator.
  const areModerated = analysis?.comments === "moderators";
  const levels = { moderator: [areModerated ? "guard" : "none", "host"], "discussion.history": [1, "all"] };
  const of = <T>(names: readonly string[], all: Readonly<Record<string, T>>) =>
    Object.fromEntries(names.map((name) => [name, all[name]!]));
  const outcomes = [...scales.map((name) => name === "stance" ? "stance=for" : name), "words", "evenness"];
  const effects = [
    ...factors,
    ...(analysis?.turn && scales.length > 0 ? ["turn", ...factors.map((name) => `${name}:turn`)] : []),
  ];
  return JSON.stringify({
    name: "drawn",
    seed: 1,
    models,
    participants: { model: "talker", personas: NAMES.map((name) => ({ name })), count: people },
    ...(openings.length === 0 ? {} : { openings }),
    discussion: { turns, turnTaking: strategy === "respond" ? { strategy, probability: 0.4 } : strategy },
    moderators: {
      host: { model: "talker", instructions: "Keep the peace.", schedule: { every: 2 } },
      guard: { model: "talker", instructions: "Keep to the topic.", schedule: { every: 2 } },
    },
    moderator: areModerated ? "host" : "none",
    design: {
      ...(factors.length === 0 ? {} : { factors: of<unknown>(factors, levels) }),
      matched: drawn.matched,
      replications: drawn.replications,
    },
    ...(scales.length === 0 ? {} : {
      annotation: {
        annotators: { model: "judge", personas: NAMES.slice(0, judges).map((name) => ({ name })) },
        scales: of<unknown>(scales, SCALES),
      },
    }),
    ...(analysis === null ? {} : {
      analysis: {
        outcomes,
        ...(effects.length === 0 ? {} : { effects }),
        comments: analysis.comments,
        time: analysis.time,
        correction: analysis.correction,
        level: analysis.level,
      },
    }),
  });
}

Deno.test("report on a random small run is complete in every form", async () => {
  await fc.assert(
    fc.asyncProperty(experiments, (drawn) =>
      inFolder(async (cwd) => {
        const run = join(cwd, "run");
        await Deno.writeTextFile(join(cwd, "e.yaml"), experimentOf(drawn));
        const ran = await runHere("run", join(cwd, "e.yaml"), "--out", run, "--quiet");
        assert.equal(ran.code, 0, ran.stderr);
        const logs = [...Deno.readDirSync(join(run, "discussions"))].map(({ name }) => name).sort();
        for (const [index, name] of logs.entries()) {
          const text = await Deno.readTextFile(join(run, "discussions", name));
          const length = Math.ceil(text.length * drawn.kept[index % drawn.kept.length]!);
          await Deno.writeTextFile(join(run, "discussions", name), text.slice(0, length));
        }
        const { code, stderr } = await runHere("report", run, "--full");
        if (/none of its (?:discussions has begun|logs can be read)/.test(stderr)) return;
        assert.equal(code, 0, stderr);
        const written = await writtenReport(join(run, "report"));
        assertSound(written);
        assert.ok(written.note.compared <= written.note.discussions);
        assert.equal(written.data("discussions").length, written.note.discussions);
      })),
    { numRuns: RUNS },
  );
});
