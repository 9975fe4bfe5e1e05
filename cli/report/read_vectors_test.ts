import assert from "node:assert/strict";
import { asVectorModel, openVectors, type VectorModel } from "../../core/embedding/mod.ts";
import { designWith, linesOf, undisturbed } from "../../core/testing/mod.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { folderRun } from "../../adapters/stores/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import { observationWith } from "../../analysis/outcomes/testing/mod.ts";
import { openRunLogs } from "../shared/logs.ts";
import { readLogs } from "../shared/read_logs.ts";
import { sharedVectors } from "./read_vectors.ts";

const EVENTS = undisturbed(designWith({ turns: 2 }));
const TEXTS = EVENTS.flatMap((event) => event.type === "TurnTaken" ? [event.data.text] : []);

const model = (name: string): VectorModel =>
  asVectorModel(name, { adapter: "openai", options: { model: name } }, { parts: {}, sha256: nativeSha256 });

/** A run with the discussion d1, and vectors by models. */
async function runWith(
  folder: string,
  vectors: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>,
): Promise<void> {
  const run = await folderRun(folder).open(sampleRun());
  await run.store.append("d1", 0, linesOf("d1", EVENTS));
  for (const [name, own] of Object.entries(vectors)) {
    const keeper = await openVectors(run, model(name));
    for (const [text, vector] of Object.entries(own)) {
      await keeper.keep([{ sha256: nativeSha256(text), vector: Float32Array.from(vector) }]);
    }
  }
  await run.close();
}

const OBSERVED = observationWith({ run: "run", discussion: "d1" }, 1);

Deno.test("sharedVectors() finds vectors of comments by their texts, made by a model that all runs have in common", () =>
  inFolder(async (cwd) => {
    const [one, other] = [`${cwd}/run`, `${cwd}/people`];
    await runWith(one, { a: {}, b: { [TEXTS[0]!]: [1, 0], "another text": [0, 1] } });
    await runWith(other, { b: { [TEXTS[0]!]: [1, 0] }, c: {} });
    const { vectors, models } = await sharedVectors([one], other);
    assert.ok(vectors.kind === "made");
    assert.equal(vectors.model, "b");
    const logs = await openRunLogs(one);
    await readLogs(logs, await models("run", logs));
    // The opening comment is comment 0, and gets no vector.
    assert.deepEqual([...vectors.models(OBSERVED)!], [[1, Float32Array.of(1, 0)], [2, "missing"]]);
    assert.equal(vectors.people(OBSERVED), undefined);
  }));

Deno.test("sharedVectors() says what to type if runs have no vectors by one model", () =>
  inFolder(async (cwd) => {
    const [one, other, none, empty] = ["one", "other", "none", "empty"].map((name) => `${cwd}/${name}`);
    await runWith(one!, { a: {} });
    await runWith(other!, { b: {} });
    await runWith(none!, {});
    await runWith(empty!, {});
    const adviceOn = async (runs: string[], corpus: string) => {
      const { vectors, models } = await sharedVectors(runs, corpus);
      assert.equal(vectors.kind, "none");
      const logs = await openRunLogs(one!);
      assert.deepEqual(await models("run", logs), []);
      return vectors.advice.replaceAll(`${cwd}/`, "");
    };
    const start = "What the comments mean is not compared:";
    assert.equal(
      await adviceOn([none!], none!),
      `${start} no run has vectors of its comments. To make them with an embedding model: embed none --with FILE`,
    );
    assert.equal(
      await adviceOn([one!], none!),
      `${start} none has no vectors of its comments. To make them with an embedding model: embed none --with FILE`,
    );
    assert.equal(
      await adviceOn([one!, none!], empty!),
      `${start} none, empty have no vectors of their comments. To make them with an embedding model: ` +
        "embed none --with FILE; embed empty --with FILE",
    );
    assert.equal(
      await adviceOn([one!], other!),
      `${start} no embedding model made vectors of all runs (one: a; other: b). To use one model for all: ` +
        "embed one --with FILE; embed other --with FILE",
    );
  }));

Deno.test("sharedVectors() refuses vectors of one model with different numbers of elements", () =>
  inFolder(async (cwd) => {
    const [one, other] = [`${cwd}/run`, `${cwd}/people`];
    await runWith(one, { a: { x: [1, 0] } });
    await runWith(other, { a: { x: [1] } });
    const { models, people } = await sharedVectors([one], other);
    await models("run", await openRunLogs(one));
    await assert.rejects(
      people("people", await openRunLogs(other)),
      /^RunError: Cannot compare the vectors of the run ".*people": they have 1 elements, and other vectors by the model "a" have 2.*--again/,
    );
  }));
