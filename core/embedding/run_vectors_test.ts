import assert from "node:assert/strict";
import { RunError } from "../run_log/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { openVectors, readVectors } from "./run_vectors.ts";
import { readVectorLine, vectorLine } from "./vector_line.ts";
import { asVectorModel, readVectorModels, sameVectorModel, type VectorModel } from "./vector_model.ts";

/** The texts of a run in memory. */
function textPlace(texts = new Map<string, string>()) {
  return {
    place: "runs/x",
    texts,
    readText: (name: string) => Promise.resolve(texts.get(name) ?? null),
    writeText: (name: string, text: string) => Promise.resolve(void texts.set(name, text)),
    appendText: (name: string, line: string) =>
      Promise.resolve(void texts.set(name, `${texts.get(name) ?? ""}${line}\n`)),
  };
}

const model = (name: string, parts: VectorModel["parts"] = {}): VectorModel =>
  asVectorModel(name, { adapter: "openai", options: { model: "m" } }, { parts, sha256: portableSha256 });
const MODEL = model("small");
const PART = `vectors/${MODEL.key}.1.jsonl`;
const [A, B] = ["a", "b"].map(portableSha256);
const entry = (sha256: string, ...elements: number[]) => ({ sha256, vector: Float32Array.from(elements) });

Deno.test("vectorLine() and readVectorLine() keep every bit", () => {
  const vectors = [entry(A!, 0.6, -0.8), entry(B!, -0, 1)];
  assert.deepEqual(readVectorLine(vectorLine(vectors)), vectors);
  // The bytes of 1 as a little-endian float are 00 00 80 3f.
  assert.deepEqual(JSON.parse(vectorLine([entry(A!, 1)])), { sha256: [A], vectors: "AACAPw==" });
});

Deno.test("openVectors() continues with the vectors that a run has", async () => {
  const run = textPlace();
  const first = await openVectors(run, MODEL);
  assert.equal(first.has(A!), false);
  await first.keep([entry(A!, 1, 0)]);
  assert.equal(first.has(A!), true);
  const second = await openVectors(run, MODEL);
  assert.deepEqual([second.has(A!), second.has(B!)], [true, false]);
  await second.keep([entry(B!, 0, 1)]);
  const read = await readVectors(run, MODEL);
  assert.deepEqual([...read], [[A, Float32Array.of(1, 0)], [B, Float32Array.of(0, 1)]]);
  assert.deepEqual(await readVectorModels(run), [MODEL]);
});

Deno.test("openVectors() ignores an unfinished last line, and begins a new part after a long one", async () => {
  const run = textPlace();
  const long = `${vectorLine([entry(A!, 1, 0)])}${" ".repeat(2_000_000)}\n`;
  run.texts.set(PART, `${long}{"sha256":["`);
  const keeper = await openVectors(run, MODEL);
  assert.deepEqual([keeper.has(A!), keeper.has(B!)], [true, false]);
  await keeper.keep([entry(B!, 0, 1)]);
  assert.equal((await readVectors(run, MODEL)).size, 2);
  assert.ok(run.texts.has(`vectors/${MODEL.key}.2.jsonl`));
});

Deno.test("openVectors() stores the vectors of overlapping calls, separately for each model", async () => {
  const run = textPlace();
  const [one, other] = [
    await openVectors(run, MODEL),
    await openVectors(run, model("big", { "a.onnx": "1" })),
  ];
  await Promise.all([
    one.keep([entry(A!, 1, 0)]),
    one.keep([entry(B!, 0, 1), entry(A!, 1, 0)]),
    other.keep([entry(A!, 1)]),
  ]);
  assert.equal((await readVectors(run, MODEL)).size, 2);
  const lines = run.texts.get(PART)!.trim().split("\n").map((line) => JSON.parse(line).sha256);
  assert.deepEqual(lines, [[A], [B]]);
  assert.deepEqual((await readVectorModels(run)).map(({ name }) => name), ["small", "big"]);
});

Deno.test("openVectors() keeps no vectors with another number of elements, so that the others can still be read", async () => {
  const run = textPlace();
  const first = await openVectors(run, MODEL);
  await first.keep([entry(A!, 1, 0)]);
  const problem =
    /Cannot keep vectors in the run "runs\/x": .*"small" have 1 elements, and earlier ones have 2.*--again/;
  await assert.rejects(first.keep([entry(B!, 1)]), problem);
  await assert.rejects((await openVectors(run, MODEL)).keep([entry(B!, 1)]), problem);
  assert.deepEqual([...(await readVectors(run, MODEL)).keys()], [A]);
  const again = await openVectors(run, MODEL, { again: true });
  await again.keep([entry(B!, 1)]);
  assert.deepEqual([...(await readVectors(run, MODEL)).keys()], [B]);
});

Deno.test("openVectors() keeps no vectors that are too many to be read", async () => {
  const run = textPlace();
  const keeper = await openVectors(run, MODEL);
  // 8,192 vectors of 65,536 elements have 2 ** 29 elements.
  const vector = Float32Array.from({ length: 65_536 }, (_, at) => at === 0 ? 1 : 0);
  await keeper.keep([{ sha256: A!, vector }]);
  const others = Array.from({ length: 8192 }, (_, at) => ({ sha256: portableSha256(`text ${at}`), vector }));
  await assert.rejects(
    keeper.keep(others),
    /Cannot keep more vectors by the model "small" in the run "runs\/x"/,
  );
  assert.equal((await readVectors(run, MODEL)).size, 1);
});

Deno.test('readVectors() refuses damaged vectors, and openVectors() with "again" replaces them', async () => {
  const hash = `"${A}"`;
  const cases: readonly (readonly [line: string, problem: RegExp])[] = [
    ["nonsense", /line 2: it is not a JSON object/],
    ["[]", /line 2: its hashes are damaged/],
    [`{"sha256":["x"],"vectors":"AACAPw=="}`, /line 2: its hashes are damaged/],
    [`{"sha256":[${hash}],"vectors":"AACAP*=="}`, /line 2: its vectors are not in Base64/],
    [`{"sha256":[${hash}],"vectors":"AACA"}`, /line 2: it has 3 bytes for 1 vectors/],
    [`{"sha256":[${hash}],"vectors":""}`, /line 2: it has 0 bytes for 1 vectors/],
    [
      `{"sha256":[${hash}],"vectors":"AADAfw=="}`,
      /line 2: its vector 1 has an element that is no finite number/,
    ],
    [`{"sha256":[${hash}],"vectors":"AAAAAA=="}`, /line 2: its vector 1 has only elements that are 0/],
    [`{"sha256":[${hash}],"vectors":"AAAAQA=="}`, /line 2: its vector 1 has the length 2, not 1/],
    [vectorLine([entry(A!, 1)]), /line 2: its vectors have 1 elements, and earlier ones have 2/],
  ];
  for (const [line, problem] of cases) {
    const run = textPlace(new Map([[PART, `${vectorLine([entry(B!, 1, 0)])}\n${line}\n`]]));
    await assert.rejects(readVectors(run, MODEL), (error) => {
      assert.ok(error instanceof RunError);
      assert.match(error.message, problem);
      assert.match(error.message, /^Cannot read the vectors of the run "runs\/x": .*embed with --again/);
      return true;
    });
    const keeper = await openVectors(run, MODEL, { again: true });
    assert.equal(keeper.has(B!), false);
    assert.equal((await readVectors(run, MODEL)).size, 0);
  }
});

Deno.test('readVectorModels() refuses a damaged list, and openVectors() with "again" replaces it', async () => {
  for (const text of ["", "{}", '{"format":2,"models":[]}', '{"format":1,"models":[{"key":"../../x"}]}']) {
    const run = textPlace(new Map([["vectors/models.json", text]]));
    await assert.rejects(readVectorModels(run), /"vectors\/models.json" is damaged.*--again/);
    await assert.rejects(openVectors(run, MODEL), RunError);
    await openVectors(run, MODEL, { again: true });
    assert.deepEqual(await readVectorModels(run), [MODEL]);
  }
});

Deno.test('openVectors() with "again" replaces no list of models that it could not read', async () => {
  const run = textPlace();
  await openVectors(run, MODEL);
  const readText = (name: string) =>
    name === "vectors/models.json" ? Promise.reject(new Error("disk")) : run.readText(name);
  await assert.rejects(
    openVectors({ ...run, readText }, model("other", { f: "1" }), { again: true }),
    /disk/,
  );
  assert.deepEqual(await readVectorModels(run), [MODEL]);
});

Deno.test("a local model is the same in another folder", () => {
  const local = (folder: string, hash: string) =>
    asVectorModel("x", { adapter: "transformers", options: { model: folder, dtype: "q8" } }, {
      parts: { [`${folder}/onnx/model.onnx`]: hash.repeat(64), [`${folder}: dtype q8`]: "any" },
      sha256: portableSha256,
    });
  assert.equal(local("a/b", "1").key, local("/c", "1").key);
  assert.notEqual(local("a/b", "1").key, local("a/b", "2").key);
});

Deno.test("models with the same adapter, options and files are the same, even if their names differ", () => {
  const other = model("other name");
  assert.equal(sameVectorModel([MODEL], [model("x", { "a.onnx": "1" }), other]), MODEL);
  assert.equal(sameVectorModel([MODEL], [model("x", { "a.onnx": "1" })]), null);
});
