/** Models that differ only in name and address cannot swap addresses between two starts. Uses real HTTP. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startOpenAiStub } from "../models/testing/openai_stub.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { annotateRun } from "./annotate_run.ts";
import { loadAnnotation } from "./load_experiment.ts";
import { runExperiment } from "./run_experiment.ts";

const entry = (baseUrl: string) => `{ adapter: openai, model: default, baseUrl: "${baseUrl}" }`;

const modelsAt = (first: string, second: string) =>
  `models:\n  first: ${entry(first)}\n  second: ${entry(second)}\n`;

const experiment = (first: string, second: string, replications = 1) => `
name: places
seed: 1
${modelsAt(first, second)}
participants: { model: first, personas: [{ name: Anna }, { name: Bob }] }
discussion: { turns: 2 }
design: { factors: { participants.model: [first, second] }, replications: ${replications} }
`;

const server = () =>
  startOpenAiStub({
    models: ["default"],
    fault: () => ({ kind: "choice", message: { role: "assistant", content: "3" } }),
  });

/**
 * The events that change the run's record: for each, its type and the ports of the models in it, in the order of the
 * models.
 */
async function reachedIn(run: string): Promise<unknown[]> {
  const lines = (await Deno.readTextFile(join(run, "run.jsonl"))).trimEnd().split("\n");
  const changes = lines.map((line) => JSON.parse(line)).filter(({ type }) =>
    !/^(?:RunStarted|RunEnded|LogsRecorded)$/.test(type)
  );
  return changes.map(({ type, data: { reached } }) => [
    type,
    reached?.map(({ address }: { address: string[] }) => new URL(address[0]!).port),
  ]);
}

Deno.test("runExperiment() accepts a new address for a model, but refuses another model's address", async () => {
  await using first = server();
  await using second = server();
  await using third = server();
  const port = ({ baseUrl }: { baseUrl: string }) => new URL(baseUrl).port;
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    const out = join(folder, "run");
    const run = async (...asked: Parameters<typeof experiment>) => {
      await Deno.writeTextFile(file, experiment(...asked));
      return await runExperiment(file, { out });
    };
    const [one, two, three] = [first.baseUrl, second.baseUrl, third.baseUrl];
    await run(one, two);
    for (
      const [a, b] of [
        [two, one],
        [two, two],
        [three, one],
        [three, three],
        [two.replace("127.0.0.1", "localhost") + "/", three],
      ] as const
    ) {
      await assert.rejects(run(a, b), (error: unknown) => {
        assert.ok(error instanceof RunError);
        assert.match(error.message, /the model "\w+" now has the address ".*", which "\w+" has or had/);
        return true;
      });
    }
    assert.equal((await run(three, two, 2)).ended, 4);
    await assert.rejects(run(three, one, 2), /which "first" has or had/);
    assert.equal((await run(one, two, 2)).ended, 4);
    assert.deepEqual(await reachedIn(out), [
      ["RunCreated", [port(first), port(second)]],
      ["PlanExtended", undefined],
      ["ModelsReached", [port(third), port(second)]],
      ["ModelsReached", [port(first), port(second)]],
    ]);
    assert.deepEqual((await folderRun(out).read()).problems, []);
  });
});

Deno.test("runExperiment() accepts new addresses for two models that began at one server", async () => {
  await using first = server();
  await using second = server();
  await inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    for (const [a, b] of [[first, first], [second, first], [second, second]] as const) {
      await Deno.writeTextFile(file, experiment(a.baseUrl, b.baseUrl));
      assert.equal((await runExperiment(file, { out: join(folder, "run") })).ended, 2);
    }
  });
});

Deno.test("annotateRun() refuses annotators that swapped addresses, and writes nothing", async () => {
  await using first = server();
  await using second = server();
  await inFolder(async (folder) => {
    const [file, annotation, out] = [join(folder, "e.yaml"), join(folder, "a.yaml"), join(folder, "run")];
    await Deno.writeTextFile(file, experiment(first.baseUrl, second.baseUrl));
    await runExperiment(file, { out });
    const annotate = async (a: string, b: string, pass: string) => {
      const scales = "scales: { tone: { type: ordinal, min: 1, max: 5, question: How rude? } }";
      await Deno.writeTextFile(
        annotation,
        `pass: ${pass}\n${modelsAt(a, b)}\nannotators: [{ model: first }, { model: second }]\n${scales}\n`,
      );
      return await annotateRun(out, await loadAnnotation(annotation, { seed: "1" }));
    };
    // Each pass has its own model names, which can mean other servers than in the experiment file.
    await annotate(second.baseUrl, first.baseUrl, "turned");
    await annotate(first.baseUrl, second.baseUrl, "straight");
    const before = await reachedIn(out);
    const text = await Deno.readTextFile(join(out, "run.jsonl"));
    await assert.rejects(
      annotate(first.baseUrl, second.baseUrl, "turned"),
      /the model "first" now has the address/,
    );
    assert.equal(await Deno.readTextFile(join(out, "run.jsonl")), text);
    assert.deepEqual(before.map((event) => (event as string[])[0]), [
      "RunCreated",
      "ModelsReached",
      "ModelsReached",
    ]);
  });
});
