/** The scripted model's own cost per reply. */
import { fixedClock } from "../../../core/ports/clock.ts";
import type { Model, ModelRequest } from "../../../core/ports/model.ts";
import type { AdapterOptions } from "../../../core/ports/model_adapter.ts";
import { scriptedAdapter } from "./adapter.ts";

const REPLIES = 1_000;
const context = { env: () => undefined, clock: fixedClock() };
const signal = new AbortController().signal;
const comment = "I think that it would help people who work late, and it costs less than it seems.";
const requests = Array.from({ length: REPLIES }, (_, turn): ModelRequest => ({
  messages: [
    {
      role: "system",
      content: "You are taking part in an online discussion. You are Anna.\n- age: 34\n- job: teacher",
    },
    {
      role: "user",
      content: `Bob: ${comment}\n\nCem: ${comment}\n\nIt is your turn, Anna. Write only your own comment.`,
    },
  ],
  sampling: {},
  seed: (turn * 1_234_567_891) % (2 ** 31 - 1),
  origin: { discussion: "bench", turn, speaker: "Anna", role: "participant" },
}));

function modelOf(options: AdapterOptions): Model {
  return scriptedAdapter.create({ adapter: "scripted", sampling: {}, options }, context) as Model;
}

async function answerAll(model: Model): Promise<void> {
  for (const request of requests) await model.generate(request, signal);
}

// `Deno.bench` waits only for functions that are declared `async`.
const own = modelOf({});
Deno.bench(`${REPLIES} replies, default lines`, { baseline: true }, async () => await answerAll(own));
const fixed = modelOf({ replies: [comment] });
Deno.bench(`${REPLIES} replies, one fixed line`, async () => await answerAll(fixed));
const random = modelOf({ silence: 0.1, failures: [{ kind: "rate-limited", probability: 0 }] });
Deno.bench(`${REPLIES} replies, with silence and failures drawn`, async () => await answerAll(random));
