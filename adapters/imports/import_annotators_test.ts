/** The files of several annotators make one pass, whether they are imported together or one after the other. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type DiscussionEvent, isAnnotationEvent } from "../../core/events/mod.ts";
import { examplePath, exampleText } from "../formats/testing/python_examples.ts";
import { folderRun } from "../stores/mod.ts";
import { inFolder } from "../testing/in_folder.ts";
import { importAnnotations } from "./import_annotations.ts";
import { collector, eventsOfRun, imported } from "./testing/importing.ts";

const FILE = JSON.parse(exampleText("annotations/rater_of_all.json"));

type Changed = Readonly<{
  name: string;
  model?: string;
  age?: number;
  instructions?: string;
  history?: number;
  /** The reply about the first entry. */
  first?: string;
}>;

/** The example file, by another annotator. */
function fileOf({ name, model = "judge", age = -1, history = 2, first, ...told }: Changed): string {
  const prompt = JSON.parse(FILE.annotator_prompt);
  const persona = { ...prompt.persona, username: name, age };
  const [[about, reply], ...others] = FILE.logs;
  return JSON.stringify({
    ...FILE,
    annotator_model: model,
    ctx_length: history,
    annotator_prompt: JSON.stringify({ ...prompt, ...told, persona }),
    logs: [[about, first ?? reply], ...others],
  });
}

const ELEVEN = Array.from(
  { length: 11 },
  (_, index) => ({ name: `rater ${index}`, first: `Toxicity=${index % 5 + 1}` }),
);

/** Calls `test` with a run, and with a function that imports annotators' files into the run. */
function withRun(
  test: (
    run: string,
    add: (
      ...files: readonly Changed[]
    ) => Promise<Readonly<{ counts: readonly number[]; said: readonly string[] }>>,
  ) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    const run = join(folder, "run");
    await imported([examplePath("old_runs")], run);
    let nth = 0;
    await test(run, async (...files) => {
      const paths = files.map(({ name }) => join(folder, `${name} ${nth++}.json`));
      for (const [index, path] of paths.entries()) await Deno.writeTextFile(path, fileOf(files[index]!));
      const { problems, found } = collector();
      const outcome = await importAnnotations(paths, { into: run, name: "toxicity", strict: false, found });
      const { passes, alreadyThere, replies } = outcome;
      return { counts: [passes, alreadyThere, replies], said: problems.map(({ message }) => message) };
    });
  });
}

async function annotationsOf(run: string): Promise<readonly DiscussionEvent[]> {
  return [...(await eventsOfRun(run)).values()].flat().filter((event) => isAnnotationEvent(event));
}

/** The pass, annotator, slot or comment, and values of each annotation, sorted. */
function said(events: readonly DiscussionEvent[]): readonly string[] {
  return events.flatMap(({ type, data }) =>
    type === "CommentAnnotated" || type === "SilenceAnnotated"
      ? [
        JSON.stringify([
          data.pass,
          data.annotator,
          "comment" in data ? data.comment : `slot ${data.position}`,
          data.values,
        ]),
      ]
      : []
  ).sort();
}

function annotatorsOf(events: readonly DiscussionEvent[]): readonly string[] {
  const started = events.findLast(({ type }) => type === "AnnotationPassStarted");
  assert.ok(started?.type === "AnnotationPassStarted");
  return started.data.annotators.map(({ name }) => name);
}

Deno.test("importAnnotations() makes one pass of eleven annotators, imported together or one after the other", () =>
  withRun(async (together, addTogether) => {
    assert.deepEqual(await addTogether(...ELEVEN), { counts: [1, 0, 154], said: [] });
    const events = await annotationsOf(together);
    assert.deepEqual(events.filter(({ type }) => type.startsWith("AnnotationPass")).map(({ type }) => type), [
      "AnnotationPassStarted",
      "AnnotationPassCompleted",
    ]);
    const { pass } = (events[0] as Extract<DiscussionEvent, { type: "AnnotationPassStarted" }>).data;
    assert.deepEqual(events.at(-1)!.data, { pass, annotated: 154, unparsed: 0 });
    assert.deepEqual(annotatorsOf(events), ELEVEN.map(({ name }) => name));
    assert.deepEqual(await addTogether(...ELEVEN), { counts: [0, 11, 0], said: [] });

    await withRun(async (one, add) => {
      for (const file of ELEVEN) assert.deepEqual(await add(file), { counts: [1, 0, 14], said: [] });
      const later = await annotationsOf(one);
      assert.deepEqual(said(later), said(events));
      assert.deepEqual(annotatorsOf(later), annotatorsOf(events));
      assert.deepEqual(later.at(-1), events.at(-1));
    });
  }));

Deno.test("importAnnotations() resumes a killed import, of the first annotators and of later ones", () =>
  withRun(async (run, add) => {
    const [first, second, third] = ELEVEN;
    await add(first!, second!);
    await add(third!);
    const { store } = await folderRun(run).read();
    const stream = (await Array.fromAsync(store.streams())).find((name) => name.startsWith("moderated"))!;
    const file = store.locate!(stream);
    const whole = await Deno.readTextFile(file);
    const lines = whole.split("\n");
    const restart = lines.findLastIndex((line) => line.includes('"AnnotationPassStarted"'));
    const began = lines.findIndex((line) => line.includes('"AnnotationPassStarted"'));
    assert.ok(restart > began);
    for (const cut of [restart, restart + 1, restart + 5, lines.length - 2]) {
      await Deno.writeTextFile(file, `${lines.slice(0, cut).join("\n")}\n${lines[cut]!.slice(0, 40)}`);
      await add(third!);
      assert.deepEqual(said(await annotationsOf(run)).length, 42, `cut at ${cut}`);
    }
    for (const cut of [began + 1, began + 9]) {
      await Deno.writeTextFile(file, `${lines.slice(0, cut).join("\n")}\n`);
      await add(first!, second!);
      assert.deepEqual(said(await annotationsOf(run)).length, 28, `cut at ${cut}`);
    }
  }));

Deno.test("importAnnotations() refuses a second, different reply of an annotator, and names slot and remedy", () =>
  withRun(async (run, add) => {
    await add({ name: "rater one" });
    const before = await eventsOfRun(run);
    const { counts, said } = await add({ name: "rater one", first: "Toxicity=5" });
    assert.deepEqual(counts, [0, 0, 0]);
    assert.match(
      said[0]!,
      /^the annotator "rater one" replies "Toxicity=5" about slot 0 of "moderated\..*", and replied "Toxicity=1" about it before\. Leave this file out, or import this file under another name with --as$/,
    );
    assert.deepEqual(await eventsOfRun(run), before);
    // The other files of the same import are imported.
    const both = await add({ name: "rater one", first: "Toxicity=5" }, { name: "rater two" });
    assert.deepEqual([both.counts, both.said.length], [[1, 0, 14], 1]);
  }));

Deno.test("importAnnotations() distinguishes annotators with the same name by their models, but not by their personas", () =>
  withRun(async (run, add) => {
    const files = [{ name: "ann" }, { name: "ann", model: "other" }];
    assert.deepEqual((await add(...files)).counts, [1, 0, 28]);
    assert.deepEqual(annotatorsOf(await annotationsOf(run)), ["ann", "ann (other)"]);
    assert.deepEqual((await add(...files)).counts, [0, 2, 0]);
    const { said } = await add({ name: "ann", age: 70 });
    assert.match(
      said[0]!,
      /^the pass already has an annotator called "ann" with the same model, but another persona\. Give the annotator of this file another name/,
    );
  }));

Deno.test("importAnnotations() makes a separate pass for each set of instructions and each number of shown comments", () =>
  withRun(async (run, add) => {
    const { counts } = await add(
      { name: "a" },
      { name: "b" },
      { name: "c", instructions: "Rate the wit." },
      { name: "d", history: 5 },
    );
    assert.deepEqual(counts, [3, 0, 56]);
    const passes = new Set((await annotationsOf(run)).map(({ data }) => "pass" in data ? data.pass : ""));
    assert.equal(passes.size, 3);
    for (const pass of passes) assert.match(pass, /^toxicity-[0-9a-f]{8}$/);
  }));
