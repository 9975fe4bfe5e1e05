/**
 * Compares the greedy replies of an fp32 ONNX export with PyTorch's, one by one and in one batch. Prints how many
 * are equal, and the first difference. The exit status is 1 if any reply differs. PYTHON names a Python with torch
 * and transformers.
 *
 *     PYTHON=python3 deno run -A --lock=deno.lock adapters/models/testing/compare_with_pytorch.ts ONNX PYTORCH
 *
 * ONNX is a folder as the adapter reads it, PYTORCH the same model in Hugging Face's form.
 */
import { resolve } from "node:path";
import process from "node:process";
import type { Message, ModelReply } from "../../../core/ports/model.ts";
import { transformersAdapter } from "../transformers/adapter.ts";
import { patientClock } from "../transformers/testing/local_models.ts";
import { PyTorch, type PyTorchReply } from "./pytorch.ts";
import { NEVER, question } from "./stub_models.ts";

const REPLY_TOKENS = Number(Deno.env.get("TOKENS") ?? 40);

const QUESTIONS = [
  "Should the city ban cars from its centre?",
  "Should buses run at night?",
  "What is the capital of France?",
  "Do you like winter?",
  "Ben: Trains are too expensive.\n\nChloe: They are not, Ben.\n\nIt is your turn, Anna.",
  "Zoë wrote: “Ça va? 12345 … naïve”. Answer her.",
  "Explain in one sentence why bees matter.",
  "How toxic is the comment “You are all idiots.”, from 1 to 5?",
  "Write one short comment about school uniforms.",
  "Ben: I need my van. How would I carry my tools?\n\n".repeat(8) + "It is your turn, Anna.",
];

const [onnx, pytorch] = Deno.args.map((path) => resolve(path));
if (pytorch === undefined) {
  throw new TypeError("Cannot compare: expected two folders, ONNX and PYTORCH");
}
const conversations: Message[][] = QUESTIONS.map((content) => [
  { role: "system", content: "You are Anna, a nurse, in an online discussion. Write one short comment." },
  { role: "user", content },
]);

const torch = new PyTorch(pytorch, "float32", 1);
const expected: PyTorchReply[] = [];
for (const messages of conversations) expected.push(await torch.reply(messages, REPLY_TOKENS));
await torch.close();
const spec = { adapter: "transformers", sampling: {}, options: { model: onnx!, dtype: "fp32" } };
const model = await transformersAdapter.create(spec, {
  env: () => undefined,
  clock: patientClock,
  folder: "/",
});
const ask = (messages: readonly Message[]): Promise<ModelReply> =>
  model.generate(question("", { messages, sampling: { temperature: 0, maxTokens: REPLY_TOKENS } }), NEVER);
const alone: ModelReply[] = [];
for (const messages of conversations) alone.push(await ask(messages));
const together = await Promise.all(conversations.map(ask));
await model.close!();
const differs = [report("one by one", alone), report("in one batch", together)];
if (differs.includes(true)) process.exitCode = 1;

function report(how: string, replies: readonly ModelReply[]): boolean {
  const others = replies.flatMap(({ text, usage }, index) => {
    const { text: wanted, promptTokens } = expected[index]!;
    return text === wanted && usage!.promptTokens === promptTokens ? [] : [{ index, text, wanted }];
  });
  write(`${how}: ${replies.length - others.length} of ${replies.length} greedy replies equal PyTorch's`);
  if (others[0] !== undefined) write(JSON.stringify(others[0], null, 1));
  return others.length > 0;
}

function write(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
