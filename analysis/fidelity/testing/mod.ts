/**
 * Runs in memory, for tests of fidelity and of the report.
 *
 * @module
 */
import type { DiscussionDesign, DiscussionEvent, Envelope } from "../../../core/events/mod.ts";
import type { Rules } from "../../../core/discussion/mod.ts";
import { parsed } from "../../../core/experiment/testing.ts";
import { type Experiment, planDiscussions } from "../../../core/experiment/mod.ts";
import { play, rulesWith } from "../../../core/testing/mod.ts";
import { CHANCE_TESTS, type Declaration, Fidelity, type FidelityCheck } from "../mod.ts";

/**
 * Rules that hash a prompt by its length. This is quick, and the hash changes if a prompt shows more or fewer
 * comments.
 */
export const QUICK_RULES: Rules = { ...rulesWith(), sha256: (text) => `${text.length}`.padStart(64, "0") };

export function* inEnvelopes(stream: string, events: Iterable<DiscussionEvent>): Generator<Envelope> {
  let seq = 0;
  for (const { type, data } of events) {
    yield { stream, seq: seq++, at: "2026-01-01T00:00:00.000Z", type, v: 1, data, hash: "" };
  }
}

/**
 * The reply of a scripted model: a comment of varying length, sometimes with a participant's name, or sometimes
 * silence.
 */
export function reply(participants: DiscussionDesign["participants"], nth: number, seed: number): string {
  if (seed % 11 === 0) return "PASS";
  const name = participants[seed % participants.length]!.name;
  return seed % 3 === 0
    ? `@${name} what about ${"trams ".repeat(nth)}?`
    : `No ${"buses ".repeat(seed % 5)}${nth}!`;
}

export type Run = readonly (readonly DiscussionEvent[])[];

export function held(
  experiment: Experiment,
  changed: (design: DiscussionDesign) => DiscussionDesign = (design) => design,
): Run {
  return [...planDiscussions(experiment, PLAN_SHA256)].map((design) => {
    const { events } = play(
      changed(design),
      ({ request: { seed } }, nth) => reply(design.participants, nth, seed),
      QUICK_RULES,
    );
    return events;
  });
}

/** The real SHA-256, which the plan needs: if the hash were only a length, two discussions could get the same id. */
const PLAN_SHA256 = rulesWith().sha256;

export function checked(
  run: Run,
  { declaration, familyLevel }: Readonly<{ declaration?: Declaration; familyLevel?: number }> = {},
): readonly FidelityCheck[] {
  const fidelity = new Fidelity(QUICK_RULES, {
    ...(declaration === undefined ? {} : { declaration }),
    ...(familyLevel === undefined ? {} : { familyLevel }),
  });
  for (const [nth, events] of run.entries()) {
    for (const envelope of inEnvelopes(`d${nth}`, events)) fidelity.add(envelope);
  }
  return fidelity.results(CHANCE_TESTS);
}

export function flagged(checks: readonly FidelityCheck[]): readonly string[] {
  return [...new Set(checks.filter(({ verdict }) => verdict === "flag").map(({ check }) => check))];
}

/** An experiment with seven of twelve personas, three openings, a role and a moderator. Tests change some settings. */
export function experimentWith(
  {
    seed = "1",
    turnTaking = "respond, probability: 0.4",
    turns = 12,
    history = 3,
    replications = 24,
    design = "",
    roles = "roles: [{ name: troll, probability: 0.3, instructions: Provoke. }]",
  }: Readonly<{
    seed?: string;
    turnTaking?: string;
    turns?: number;
    history?: number;
    replications?: number;
    design?: string;
    roles?: string;
  }> = {},
): Promise<Experiment> {
  const personas = Array.from({ length: 12 }, (_, at) => `{ name: P${at}, talkativeness: ${1 + at % 4} }`);
  return parsed(
    `
name: fidelity
seed: ${seed}
models: { talker: { adapter: scripted, temperature: 0.5 } }
participants:
  model: talker
  personas: [${personas.join(", ")}]
  count: 7
  ${roles}
openings: [Should buses run at night?, Should trams be free?, Should cars pay?]
discussion: { turns: ${turns}, history: ${history}, turnTaking: { strategy: ${turnTaking} } }
moderators: { gentle: { model: talker, instructions: Be kind., schedule: { every: 2 } } }
moderator: gentle
design: { replications: ${replications}${design} }
`,
  );
}
