/**
 * Prints by how many bytes this process grows while it asks a local model. It is a program of its own, because
 * other tests in the process would change the result.
 */
import assert from "node:assert/strict";
import type { Model } from "../../../../core/ports/model.ts";
import { localModel, question } from "./local_models.ts";

const ROUND = 100;

/** Rounds before the first measurement. Caches and the heap reach their size in them. */
const ROUNDS_BEFORE = 6;

/** Rounds between the two measurements: 1,500 requests. */
const ROUNDS = 15;

/**
 * Asks many different questions. Aborts every fourth one if it has no answer after a time that differs between
 * questions.
 */
async function ask(model: Model, round: number): Promise<void> {
  const timers: ReturnType<typeof setTimeout>[] = [];
  const asked = Array.from({ length: ROUND }, (_, index) => {
    const controller = new AbortController();
    const content = `${round * ROUND + index} ${"buses at night ".repeat(6)}`;
    const reply = model.generate(question(content, { sampling: { maxTokens: 2 } }), controller.signal);
    if (index % 4 === 0) timers.push(setTimeout(() => controller.abort(), index * 4));
    return reply;
  });
  const replies = await Promise.allSettled(asked);
  for (const timer of timers) clearTimeout(timer);
  const given = replies.filter(({ status }) => status === "fulfilled").length;
  assert.ok(given >= ROUND * 3 / 4, `${given} replies`);
}

// Each prompt takes about 0.3 MB of keys and values: 1,000 prompts would take 300 MB.
await using made = await localModel({ prefixMegabytes: 20 }, { size: { heads: 4, headWidth: 32 } });
for (let round = 0; round < ROUNDS_BEFORE; round++) await ask(made.model, round);
const before = Deno.memoryUsage().rss;
for (let round = 0; round < ROUNDS; round++) await ask(made.model, ROUNDS_BEFORE + round);
await Deno.stdout.write(new TextEncoder().encode(`${Deno.memoryUsage().rss - before}`));
