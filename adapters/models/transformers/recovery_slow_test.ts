import assert from "node:assert/strict";
import { join } from "node:path";
import type { Clock } from "../../../core/ports/clock.ts";
import { localModel, NEVER, patientClock, question, TINY } from "./testing/local_models.ts";
import { randomDecoder } from "./testing/random_decoder.ts";

const questions = ["One?", "Two?", "Three?"].map((text, seed) => question(text, { seed }));

Deno.test("a local model answers the other requests as usual after one times out in the queue", async () => {
  await using plain = await localModel({ batch: 1 });
  const expected = [];
  for (const request of questions) expected.push(await plain.model.generate(request, NEVER));

  let timers = 0;
  // The second request times out at once.
  const clock: Clock = {
    ...patientClock,
    sleep: (ms, signal) => ++timers === 2 ? Promise.resolve() : patientClock.sleep(ms, signal),
  };
  await using made = await localModel({ batch: 1 }, {}, clock);
  const replies = await Promise.allSettled(questions.map((request) => made.model.generate(request, NEVER)));
  const [first, late, last] = replies;
  assert.deepEqual(first, { status: "fulfilled", value: expected[0] });
  assert.equal(late!.status === "rejected" && late!.reason.kind, "time-out");
  assert.deepEqual(last, { status: "fulfilled", value: expected[2] });
});

Deno.test("a local model loads at the next request after its damaged file was replaced", async () => {
  await using made = await localModel({}, { files: { "onnx/model.onnx": "half a file" } });
  await assert.rejects(made.model.generate(questions[0]!, NEVER), { name: "ModelError" });
  await Deno.writeFile(join(made.folder, "model", "onnx", "model.onnx"), randomDecoder(TINY));
  const { usage } = await made.model.generate(questions[0]!, NEVER);
  assert.equal(usage!.completionTokens, 24);
});

Deno.test("a local model reports each failed request in one line", async () => {
  // The graph knows fewer tokens than the tokenizer.
  const size = { ...TINY, vocabulary: 128 };
  await using made = await localModel({}, { size });
  const ask = (text: string) => made.model.generate(question(text, { sampling: { maxTokens: 1 } }), NEVER);
  for (const text of ["Hé", "Hé"]) {
    await assert.rejects(ask(text), {
      kind: "broken-model",
      message: /^The local model failed: [^\n]{1,300}$/,
    });
  }
});

Deno.test("two local models at the same time give the same replies as each one alone", async () => {
  const sizes = [{ heads: 2 }, { heads: 4 }];
  const alone = [];
  for (const size of sizes) {
    await using made = await localModel({}, { size });
    alone.push(await Promise.all(questions.map((request) => made.model.generate(request, NEVER))));
  }
  await using first = await localModel({}, { size: sizes[0]! });
  await using second = await localModel({}, { size: sizes[1]! });
  const together = await Promise.all(
    [first, second].map(({ model }) =>
      Promise.all(questions.map((request) => model.generate(request, NEVER)))
    ),
  );
  assert.deepEqual(together, alone);
  assert.notDeepEqual(together[0], together[1]);
});
