import assert from "node:assert/strict";
import { join } from "node:path";
import { readSlots } from "../../analysis/projections/mod.ts";
import { observe } from "../../analysis/outcomes/mod.ts";
import { textsWith } from "../../analysis/outcomes/testing/mod.ts";
import { type DiscussionDesign, type DiscussionEvent, eventOf } from "../../core/events/mod.ts";
import { readStream, verifyReplay } from "../../core/engine/mod.ts";
import type { EventStore } from "../../core/ports/mod.ts";
import { rulesWith } from "../../core/testing/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";
import { inFolder } from "../testing/in_folder.ts";
import { runExperiment } from "./run_experiment.ts";

const PILOT = `
name: pilot
seed: 42
models: { talker: { adapter: scripted, replies: [One., Two., PASS, "No!"] } }
participants: { model: talker, personas: [{ name: Anna }, { name: Ben }, { name: Cid }] }
openings: [Buses?, Trams?]
discussion: { turns: 5 }
moderators: { gentle: { model: talker, schedule: every-turn } }
moderator: gentle
design: { replications: 2 }
annotation:
  annotators: { model: talker }
  scales: { loud: { type: boolean, question: Is it loud? } }
`;

const BRANCHES = PILOT.replace("name: pilot", "name: branches").replace("seed: 42", "seed: 43")
  .replace("turns: 5", "turns: 5, past: { run: pilot, condition: base, at: 2 }")
  .replace(
    "design: { replications: 2 }",
    `design:
  factors:
    branch:
      - { label: unchanged, set: {} }
      - { label: changed, set: { discussion.interventions: [{ after: 2, author: Eve, text: Stop. }] } }
  replications: 2`,
  );

/** The designs and events of a run, in the order of their names. */
async function logsOf(
  store: EventStore,
): Promise<(readonly [DiscussionDesign, readonly DiscussionEvent[]])[]> {
  const names = (await Array.fromAsync(store.streams())).sort();
  return await Promise.all(names.map(async (name) => {
    const [opened, ...events] = await Array.fromAsync(readStream(store, name, nativeSha256), eventOf);
    return [opened!.data as DiscussionDesign, events] as const;
  }));
}

/** Runs the pilot and writes the experiment file of its branches. */
async function prepared(folder: string): Promise<Readonly<{ file: string; out: string }>> {
  await Deno.writeTextFile(join(folder, "pilot.yaml"), PILOT);
  await runExperiment(join(folder, "pilot.yaml"), { out: join(folder, "pilot") });
  const file = join(folder, "branches.yaml");
  await Deno.writeTextFile(file, BRANCHES);
  return { file, out: join(folder, "branches") };
}

Deno.test("branches begin with copies of the pilot's events, and the prompts of their own turns show these events", () =>
  inFolder(async (folder) => {
    const { file, out } = await prepared(folder);
    const notices: string[] = [];
    await runExperiment(file, { out, notify: ({ kind }) => notices.push(kind) });
    assert.equal(notices.filter((kind) => kind === "ended").length, 4);
    const pilot = new Map((await logsOf((await folderRun(join(folder, "pilot")).read()).store))
      .map(([design, events]) => [design.id, events]));
    const { store, problems } = await folderRun(out).read();
    assert.deepEqual(problems, []);
    for (const [design, events] of await logsOf(store)) {
      const { stream, events: copied } = design.forkedFrom!;
      // An opening, a turn with its moderation, and the second turn.
      assert.equal(copied, 4);
      assert.deepEqual(events.slice(0, copied), pilot.get(stream)!.slice(0, copied));
      assert.equal(events[copied]!.type === "InterventionPosted", design.condition === "changed");
      const { divergences, promptsInherited, promptsVerified } = await verifyReplay(
        readStream(store, design.id, nativeSha256),
        rulesWith(),
      );
      assert.deepEqual([divergences, promptsInherited], [[], 3]);
      assert.ok(promptsVerified >= 7);
    }
  }));

Deno.test("annotators, observations and figures of branches leave out the past", () =>
  inFolder(async (folder) => {
    const { file, out } = await prepared(folder);
    await runExperiment(file, { out });
    const { store } = await folderRun(out).read();
    for await (const stream of store.streams()) {
      const slots = (await readSlots(readStream(store, stream, nativeSha256)))!;
      const { conduct, judgements, slots: observed } = await observe(
        "branches",
        slots,
        () => Promise.resolve(textsWith({})),
      );
      assert.deepEqual(slots.slots.map(({ isPast = false }) => isPast).lastIndexOf(true), 3);
      assert.ok(slots.slots.slice(0, 4).every(({ annotations }) => annotations.length === 0));
      const rated = observed.filter(({ comment, isPast }) => comment !== null && !isPast).length;
      assert.equal(judgements[0]!.targets.length, rated);
      assert.deepEqual([conduct.structure.turns, conduct.moderator!.asked], [3, 4]);
    }
  }));

Deno.test("branches that were stopped and resumed are equal to branches that were not stopped", () =>
  inFolder(async (folder) => {
    const { file, out } = await prepared(folder);
    await runExperiment(file, { out: join(folder, "undisturbed") });
    for (let stopAfter = 1;; stopAfter++) {
      const stop = new AbortController();
      let recorded = 0;
      const { cutShort } = await runExperiment(file, {
        out,
        concurrency: 1,
        stop: stop.signal,
        notify({ kind }) {
          if (kind === "recorded" && ++recorded === stopAfter) stop.abort();
        },
      });
      if (cutShort === null) break;
    }
    assert.deepEqual(
      await logsOf((await folderRun(out).read()).store),
      await logsOf((await folderRun(join(folder, "undisturbed")).read()).store),
    );
  }));

Deno.test("the run's folder has a copy of the past, which a reader without the pilot can read", () =>
  inFolder(async (folder) => {
    const { file, out } = await prepared(folder);
    await runExperiment(file, { out });
    await Deno.remove(join(folder, "pilot"), { recursive: true });
    const copy = await (await folderRun(out).read()).input("past of pilot, base, turn 2.jsonl");
    assert.equal(copy.trimEnd().split("\n").length, 10);
    await assert.rejects(runExperiment(file, { out }), /cannot continue the discussions of "pilot"/);
  }));

const wrong: readonly [what: string, from: string, to: string, message: RegExp][] = [
  ["a missing discussion", "condition: base", "discussions: [x]", /there is no discussion "x"/],
  [
    "a missing condition",
    "condition: base",
    "condition: x",
    /no discussion has the condition "x"; the conditions are "base"/,
  ],
  [
    "a turn beyond the end",
    "at: 2",
    "at: 6",
    /has only 5 turns, so it has no turn 6\. Continue after an earlier turn/,
  ],
];
for (const [what, from, to, message] of wrong) {
  Deno.test(`runExperiment() refuses branches of ${what}, and writes nothing`, () =>
    inFolder(async (folder) => {
      const { file, out } = await prepared(folder);
      await Deno.writeTextFile(file, BRANCHES.replace(from, to));
      await assert.rejects(runExperiment(file, { out }), message);
      await assert.rejects(Deno.stat(out), Deno.errors.NotFound);
    }));
}

Deno.test("runExperiment() refuses branches of a damaged discussion", () =>
  inFolder(async (folder) => {
    const { file, out } = await prepared(folder);
    const { store } = await folderRun(join(folder, "pilot")).read();
    for await (const stream of store.streams()) {
      const log = store.locate!(stream);
      await Deno.writeTextFile(log, (await Deno.readTextFile(log)).replace(/"text":"[^"]*"/, '"text":"Oh"'));
    }
    await assert.rejects(
      runExperiment(file, { out }),
      /cannot continue the discussions of "pilot": .*damaged/,
    );
  }));
