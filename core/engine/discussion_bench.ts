/** The engine's own cost per turn: a model that answers at once, in memory. */
import type { DiscussionDesign } from "../events/mod.ts";
import type { Rules } from "../discussion/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { fixedClock, memoryEventStore, type Model } from "../ports/mod.ts";
import { designWith, participantsNamed, rulesWith } from "../testing/mod.ts";
import { Limiter } from "./limiter.ts";
import { RETRY_POLICY } from "./limits.ts";
import { runDiscussions } from "./run.ts";
import { createHash } from "node:crypto";

const TURNS = 3200;

function design(id: string, turns: number): DiscussionDesign {
  const persona = { age: 34, occupation: "teacher", opinion: "thinks that buses should run at night" };
  const participants = participantsNamed("Anna", "Bob", "Cem", "Dora", "Emil");
  return designWith({
    id,
    seed: id,
    participants: participants.map((participant) => ({ ...participant, persona })),
    turns,
    turnTaking: { name: "respond", options: { probability: 0.4 } },
  });
}

const instant: Model = {
  generate: () =>
    Promise.resolve({
      text: "I think that it would help people who work late, and it costs less than it seems.",
      finishReason: "stop",
      usage: { promptTokens: 120, completionTokens: 17 },
    }),
};

async function hold(turnsEach: number, sha256: Rules["sha256"]): Promise<void> {
  const limiter = new Limiter(64);
  const designs = Array.from({ length: TURNS / turnsEach }, (_, index) => design(`d${index}`, turnsEach));
  await runDiscussions(designs, {
    store: memoryEventStore(),
    models: () => ({ model: instant, limiter }),
    rules: { ...rulesWith(), sha256 },
    clock: fixedClock(),
    retry: RETRY_POLICY,
  }, { concurrency: 64 });
}

const nativeSha256: Rules["sha256"] = (text) => createHash("sha256").update(text).digest("hex");

Deno.bench(
  `${TURNS} turns, discussions of 50, native hash`,
  { group: "hash", baseline: true },
  async () => await hold(50, nativeSha256),
);
Deno.bench(
  `${TURNS} turns, discussions of 50, portable hash`,
  { group: "hash" },
  async () => await hold(50, portableSha256),
);
Deno.bench(
  `${TURNS} turns, discussions of 800`,
  { group: "length" },
  async () => await hold(800, nativeSha256),
);
