import assert from "node:assert/strict";
import { join } from "node:path";
import { type AdapterOptions, type Model, ModelError } from "../../../core/ports/model.ts";
import { modelConformance } from "../../../core/ports/model_conformance.ts";
import { inFolder } from "../../testing/in_folder.ts";
import {
  type Changes,
  localModel,
  NEVER,
  patientClock,
  question,
  writeRandomModel,
} from "./testing/local_models.ts";
import { transformersAdapter } from "./adapter.ts";

/** A model that never answers: it asks the given model again after each reply, until the request is aborted. */
function endless(model: Model): Model {
  return {
    async generate(request, signal) {
      for (let seed = request.seed;; seed++) {
        await model.generate({ ...request, seed, sampling: { maxTokens: 1000 } }, signal);
      }
    },
  };
}

async function conformanceHarness() {
  const { model, [Symbol.asyncDispose]: dispose } = await localModel();
  const long = await localModel();
  return {
    model,
    echo: model,
    stuck: endless(long.model),
    // Another model loads and answers meanwhile. By then, the endless model's worker has its request.
    untilStuck: async () => void await model.generate(question("Are you there?"), NEVER),
    failing: { "bad-request": tooLong(model) },
    cleanup: async () => {
      await dispose();
      await long[Symbol.asyncDispose]();
    },
  };
}

function tooLong(model: Model): Model {
  return {
    generate: (request, signal) => {
      const messages = [{ role: "user", content: "a".repeat(5000) }] as const;
      return model.generate({ ...request, messages }, signal);
    },
  };
}

const skip = [
  {
    reason: "a model with random weights does not repeat its prompt",
    tests: ["generate() keeps every character of the request and of the reply"],
  },
  {
    reason: "one of the texts is longer than any context; the others have a test of their own",
    tests: ["generate() takes any text"],
  },
];
for (const test of modelConformance("transformersAdapter", conformanceHarness, { skip })) Deno.test(test);

Deno.test("transformersAdapter takes any text that fits", async () => {
  await using made = await localModel();
  const texts = [
    "",
    "NUL \u0000 \u001b[31m\u007f",
    "lone \ud800 x",
    "👩‍👩‍👧‍👦 e\u0301 \u202e \ufeff",
    "ä€😀".repeat(200),
  ];
  for (const text of texts) {
    const { usage } = await made.model.generate(question(text, { sampling: { maxTokens: 1 } }), NEVER);
    assert.equal(usage!.completionTokens, 1);
  }
});

Deno.test("transformersAdapter counts the tokens of the chat template's prompt", async () => {
  await using made = await localModel();
  const { usage, finishReason } = await made.model.generate(
    question("Hé", { sampling: { maxTokens: 5 } }),
    NEVER,
  );
  // One token for each byte and each special token: <|im_start|>system\nYou are Anna.<|im_end|>\n, then 1 + 5 + 3 +
  // 1 + 1 for the user's message (é has two bytes), and 1 + 10 for the beginning of the assistant's.
  assert.deepEqual([usage, finishReason], [
    { promptTokens: 1 + 7 + 13 + 1 + 1 + 1 + 5 + 3 + 1 + 1 + 1 + 10, completionTokens: 5 },
    "length",
  ]);
});

Deno.test("transformersAdapter treats special tokens in a comment as plain text", async () => {
  await using made = await localModel();
  const { usage } = await made.model.generate(question("<|im_end|>", { sampling: { maxTokens: 1 } }), NEVER);
  // Ten characters, and the space that breaks the special token up, instead of one token.
  assert.equal(usage!.promptTokens, 1 + 7 + 13 + 1 + 1 + 1 + 5 + 11 + 1 + 1 + 1 + 10);
});

Deno.test("transformersAdapter ends a reply before a stop text", async () => {
  await using made = await localModel();
  const whole = await made.model.generate(question("Go on.", { sampling: { maxTokens: 60 } }), NEVER);
  const stop = whole.text.slice(20, 22);
  const cut = await made.model.generate(
    question("Go on.", { sampling: { maxTokens: 60, stop: [stop] } }),
    NEVER,
  );
  assert.deepEqual([cut.text, cut.finishReason], [whole.text.slice(0, whole.text.indexOf(stop)), "stop"]);
});

Deno.test("transformersAdapter ends a reply at the end token", async () => {
  // Every token is an end token.
  const ids = Array.from({ length: 259 }, (_, id) => id);
  const files = { "generation_config.json": JSON.stringify({ eos_token_id: ids }) };
  await using made = await localModel({}, { files });
  const { text, finishReason, usage } = await made.model.generate(question("Hello?"), NEVER);
  assert.deepEqual([text, finishReason, usage!.completionTokens], ["", "stop", 1]);
});

Deno.test("transformersAdapter fails after timeoutSeconds", async () => {
  const waits: number[] = [];
  const clock = { ...patientClock, sleep: (ms: number) => Promise.resolve(void waits.push(ms)) };
  await using made = await localModel({ timeoutSeconds: 7 }, {}, clock);
  await assert.rejects(made.model.generate(question("Hello?"), NEVER), {
    name: "ModelError",
    kind: "time-out",
    message: /within 7 s/,
  });
  assert.deepEqual(waits, [7000]);
});

const WRONG_FILES:
  readonly (readonly [title: string, changes: Changes, message: RegExp, options?: AdapterOptions])[] = [
    [
      "a missing tokenizer",
      { files: { "tokenizer.json": null } },
      /: the file .*tokenizer\.json is missing$/,
    ],
    [
      "missing weights",
      { files: { "onnx/model.onnx": null } },
      /: the file .*onnx\/model\.onnx, for dtype fp32, is missing; export the model/,
    ],
    [
      "missing weights for a dtype",
      {},
      /model_q4\.onnx, for dtype q4, is missing; set dtype to an existing one: fp32$/,
      {
        dtype: "q4",
      },
    ],
    ["no chat template", { chatTemplate: false }, /: it has no chat template/],
    [
      "damaged weights",
      { files: { "onnx/model.onnx": "no model" } },
      /^Cannot load the model in ".*": the file onnx\/model\.onnx is not a complete ONNX model; copy/,
    ],
    [
      "a damaged tokenizer",
      { files: { "tokenizer.json": "{" } },
      /^Cannot load the model in ".*": the file tokenizer\.json is not JSON/,
    ],
    [
      "an unknown kind of model",
      { files: { "config.json": '{"model_type":"x"}' } },
      /: Unsupported model type: x; use a model/,
    ],
    ["a missing device", {}, /; if there is no device (?:coreml|dml), set device: cpu$/, {
      device: Deno.build.os === "darwin" ? "dml" : "coreml",
    }],
  ];

for (const [title, changes, message, options = {}] of WRONG_FILES) {
  Deno.test(`transformersAdapter explains the failure: ${title}`, async () => {
    const asked = async () => {
      await using made = await localModel(options, changes);
      await made.model.generate(question("Hello?"), NEVER);
    };
    await assert.rejects(asked(), (error) => {
      assert.ok(error instanceof ModelError, String(error));
      assert.deepEqual([error.kind, error.wrongSetup], ["unknown-model", true]);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("transformersAdapter refuses a folder that does not exist", async () => {
  const spec = { adapter: "transformers", sampling: {}, options: { model: "./no/such/model" } };
  await assert.rejects(
    async () =>
      await transformersAdapter.create(spec, { env: () => undefined, clock: patientClock, folder: "/" }),
    {
      name: "ModelError",
      kind: "unknown-model",
      message: /there is no folder .*no.such.model; expected a folder,/,
    },
  );
});

Deno.test("transformersAdapter.checkOptions() checks the model's files only if it gets the base folder of paths", () =>
  inFolder(async (folder) => {
    await writeRandomModel(`${folder}/m`, { files: { "config.json": null } });
    const problems = (model: string, from?: string) =>
      transformersAdapter.checkOptions!({ model }, from).map(({ path, message }) => `${path}: ${message}`);
    assert.deepEqual(problems("m", folder), [
      `model: the file ${join(folder, "m", "config.json")} is missing`,
    ]);
    assert.match(problems("./n", folder)[0]!, /^model: there is no folder .*n; expected/);
    assert.deepEqual([problems("owner/n", folder), problems("./n")], [[], []]);
    const auto = transformersAdapter.checkOptions!({ model: "owner/n", dtype: "auto" }, folder);
    assert.deepEqual(auto.map(({ message }) => message), [
      "dtype: auto needs a model in a folder; name a dtype for a model on the hub",
    ]);
  }));

const WRONG_OPTIONS: readonly (readonly [AdapterOptions, string])[] = [
  [{}, "model: missing: expected a folder"],
  [
    { model: "m", dtype: "fp64" },
    'dtype: expected fp32, fp16, q8, int8, uint8, q4, q4f16, bnb4, auto, found the text "fp64"',
  ],
  [{ model: "m", topk: 3 }, "topk: unknown key: expected model, "],
  [{ model: "m", minP: 2 }, "minP: expected a probability from 0 to 1, found 2"],
  [{ model: "m", batch: 0 }, "batch: expected a whole number from 1 to 256, found 0"],
  [{ model: "m", repetitionPenalty: 0 }, "repetitionPenalty: expected a number above 0"],
];

for (const [options, problem] of WRONG_OPTIONS) {
  Deno.test(`transformersAdapter.checkOptions() finds ${problem}`, () => {
    const found = transformersAdapter.checkOptions!(options).map(({ path, message }) =>
      `${path}: ${message}`
    );
    assert.deepEqual(found.map((text) => text.slice(0, problem.length)), [problem]);
  });
}

Deno.test("transformersAdapter.concurrencyOf() allows two batches by default", () => {
  const of = (options: AdapterOptions) => transformersAdapter.concurrencyOf!({ model: "m", ...options });
  assert.deepEqual([of({}), of({ batch: 4 }), of({ concurrency: 3 })], [32, 8, 3]);
});
