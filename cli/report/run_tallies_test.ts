import assert from "node:assert/strict";
import fc from "fast-check";
import { CHANCE_TESTS, declaredBy, type SeedUse } from "../../analysis/fidelity/mod.ts";
import { experimentWith, held, inEnvelopes, QUICK_RULES } from "../../analysis/fidelity/testing/mod.ts";
import { showLog } from "../../analysis/projections/testing/mod.ts";
import type { DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { RunTallies } from "./run_tallies.ts";

type Log = Readonly<{ discussion: string; envelopes: readonly Envelope[]; damage: string | null }>;

/** Times, attempts, versions of models and words of people, which differ from reply to reply. */
function recorded(discussion: string, events: readonly DiscussionEvent[], nth: number): Envelope[] {
  return [...inEnvelopes(discussion, events)].map((envelope, seq) => {
    const { data, type } = envelope;
    const at = new Date(Date.UTC(2026, 0, 1 + (nth * 7) % 31, 0, seq)).toISOString();
    const meta = { attempts: 1 + (nth + seq) % 3, latencyMs: 0.1 * nth + 0.7 * seq, waitedMs: seq / 3 };
    const hash = `${discussion} ${seq}`;
    const common = { ...envelope, type, at, meta, hash, ...(seq % 5 === 4 ? { person: `p${nth % 4}` } : {}) };
    if (!("generation" in data) || data.generation === undefined) return common;
    const usage = { promptTokens: 10 + seq, completionTokens: 3 + nth };
    const generation = { ...data.generation, usage, servedBy: `v${(nth + seq) % 8 === 7 ? 2 : 1}` };
    return { ...common, data: { ...data, generation } as Envelope["data"] };
  });
}

const experiment = await experimentWith({
  replications: 5,
  design: ", matched: true, factors: { discussion.history: [2, 3], moderator: [none, gentle] }",
});
const others = await experimentWith({ seed: "2", turnTaking: "weighted", replications: 3, turns: 7 });

const LOGS: readonly Log[] = [
  ...held(experiment),
  ...held(others),
  // They make the same draws as the first discussions.
  ...held(experiment).slice(0, 6).map((events) => events.slice(0, -2)),
  [...sampleEvents("sample"), ...annotationEvents("mood")],
  [],
].map((events, nth) => {
  const discussion = `d${nth}`;
  const envelopes = recorded(discussion, events, nth);
  // An event that cannot come next, and a line that cannot be read.
  const wrong = nth % 9 === 8 ? envelopes.toSpliced(4, 1) : envelopes;
  return { discussion, envelopes: wrong, damage: nth % 7 === 6 ? "a line is damaged" : null };
});

const ends = new Map(
  LOGS.map(({ discussion, envelopes }, nth) => {
    const at = nth % 4 === 0 ? envelopes.length + 1 : envelopes.length;
    return [discussion, [at, envelopes.at(-1)?.hash ?? ""] as const];
  }),
);

function talliesFor(
  logs: readonly Log[],
  options: Readonly<{ drawn?: readonly SeedUse[] }> | null,
): RunTallies {
  const own = new Map([...ends].filter(([name]) => logs.some(({ discussion }) => discussion === name)));
  const record = {
    log: { kind: "kept", hashes: new Set<string>(), ends: options === null ? ends : own, repairs: [] },
    problems: [],
  } as const;
  const declaration = declaredBy(experiment);
  const against = { rules: QUICK_RULES, declaration, source: "the experiment", record };
  const prices = { input: 0.1, output: 0.7, currency: "EUR" };
  return new RunTallies(against, () => prices, options === null ? {} : { isForAppending: true, ...options });
}

function counted(logs: readonly Log[], options: Readonly<{ drawn?: readonly SeedUse[] }> | null): RunTallies {
  const tallies = talliesFor(logs, options);
  for (const log of logs) showLog(tallies.collectors, log);
  return tallies;
}

/** All facts as one text, with the entries of maps in their order. */
function factsOf({ design, status, execution, fidelity, people }: RunTallies): string {
  const facts = [
    design.facts(),
    status.status(),
    execution.facts(),
    fidelity.found(CHANCE_TESTS),
    people.words(),
  ];
  return JSON.stringify(facts, (_, value) => value instanceof Map ? [...value] : value, 1);
}

Deno.test("RunTallies are equal to the last digit, wherever the logs are split into batches for workers", () => {
  const order = fc.shuffledSubarray(LOGS.map((_, at) => at), { minLength: 1 });
  const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 });
  // A worker gets a batch while it is not known yet what this many batches before it have drawn.
  const batchesAhead = fc.integer({ min: 0, max: 3 });
  fc.assert(
    fc.property(order, lengths, batchesAhead, fc.boolean(), (chosen, sizes, ahead, isHere) => {
      const logs = chosen.map((at) => LOGS[at]!);
      const expected = factsOf(counted(logs, null));
      const sum = talliesFor(logs, null);
      const known: (readonly SeedUse[])[] = [];
      for (let [from, nth] = [0, 0]; from < logs.length; nth++) {
        const batch = logs.slice(from, from += sizes[nth % sizes.length]!);
        known.push(sum.fidelity.fewDraws);
        // A batch that no worker can read is read by the thread that adds up.
        if (isHere && nth % 3 === 1) { for (const log of batch) showLog(sum.collectors, log); }
        else {
          const drawn = known[nth - ahead] ?? [];
          const first = structuredClone(counted(batch, { drawn }).counted());
          const again = sum.fidelity.drawsToCountAgain(first.fidelity, drawn);
          const isRepeated = again.length > 0;
          sum.append(isRepeated ? structuredClone(counted(batch, { drawn: again }).counted()) : first);
        }
      }
      assert.equal(factsOf(sum), expected);
    }),
    { numRuns: 60 },
  );
});
