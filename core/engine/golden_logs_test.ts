/** Today's code must read and replay the logs that older versions wrote. */
import assert from "node:assert/strict";
import { verifyStream } from "../events/verify_stream.ts";
import { type DiscussionEvent, eventOf, type StoredLine } from "../events/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { memoryEventStore } from "../ports/mod.ts";
import { linesOf, rulesWith } from "../testing/mod.ts";
import { DamagedStream, readStream } from "./stream.ts";
import { sentRequests } from "./sent_requests.ts";
import { replay, type ReplayVerdict, verifyReplay } from "./replay.ts";

const GOLDEN = new URL("../../fixtures/golden/", import.meta.url);
const RULES = rulesWith();

/** The comments that the log with interventions and the log of its branch have in common. */
const BEFORE_THE_BRANCH = [
  "The Mayor: Should buses run at night?",
  "José: They should.\n\nMy daughter works late.",
  "Ann: It costs too much.",
  "Mod: The Mayor is with us today.",
  "The Mayor: Please stay calm!!",
  "Mod: Welcome.",
];

/**
 * The expected content of each log, from the scripts in `fixtures/golden/make.ts`. `shown` is the 0-based position of an
 * event whose comment appears in a later prompt of the log.
 */
const LOGS = [
  {
    file: "v1/round_robin",
    verdict: {
      events: 9,
      promptsVerified: 5,
      promptsInherited: 0,
      promptsWithheld: 0,
      divergences: [],
      assumed: [],
    },
    shown: 1,
    transcript: [
      "The Mayor: Should buses run at night?",
      "José: They should.\n\nMy daughter works late.",
      "李雷: Who pays for it?",
      "Ann: We all do, and gladly. 🙂",
      "José: 夜间有公交车就好了。",
      "(李雷: empty)",
      "Ann: Nobody has shown that anybody would",
    ],
  },
  {
    file: "v1/respond_on_demand",
    verdict: {
      events: 16,
      promptsVerified: 12,
      promptsInherited: 0,
      promptsWithheld: 0,
      divergences: [],
      assumed: [],
    },
    shown: 1,
    transcript: [
      "The Mayor: Should buses run at night?",
      "José: They should.\n\nMy daughter works late.",
      "José: It costs too much!!",
      "(Mod: pass-word)",
      "Ann: You would say that, @José.",
      "Mod: Please stay with the question.",
      "(李雷: empty)",
      "(Mod: pass-word)",
      "(Ann: refused)",
      "(Mod: pass-word)",
      '李雷: Two lines,\nand "quotes" with \\ and <b>tags</b>.',
      "(Mod: pass-word)",
      "Ann: 0",
      "Mod: Thank you all.",
    ],
  },
  {
    file: "v1/fork_with_failures",
    verdict: {
      events: 13,
      promptsVerified: 3,
      promptsInherited: 4,
      promptsWithheld: 0,
      divergences: [],
      assumed: [],
    },
    shown: 6,
    transcript: [
      "The Mayor: Should buses run at night?",
      "José: They should.\n\nMy daughter works late.",
      "José: It costs too much!!",
      "(Mod: pass-word)",
      "Ann: You would say that, @José.",
      "Mod: Please stay with the question.",
      "José: Enough!! Let us vote.",
      "Mod: One at a time, please.",
      "Ann: I vote for it.",
    ],
  },
  {
    file: "v2/interventions",
    verdict: {
      events: 12,
      promptsVerified: 5,
      promptsInherited: 0,
      promptsWithheld: 0,
      divergences: [],
      assumed: [],
    },
    shown: 5,
    transcript: [
      ...BEFORE_THE_BRANCH,
      "(José: empty)",
      "李雷: I agree.",
      "José: I should add: the last bus leaves at nine!!",
      "(Mod: pass-word)",
    ],
  },
  {
    file: "v2/branch",
    verdict: {
      events: 9,
      promptsVerified: 1,
      promptsInherited: 2,
      promptsWithheld: 0,
      divergences: [],
      assumed: [],
    },
    shown: 6,
    transcript: [
      ...BEFORE_THE_BRANCH,
      "José: Let us vote.",
    ],
  },
] as const;

async function linesIn(file: string): Promise<StoredLine[]> {
  const text = await Deno.readTextFile(new URL(`${file}.jsonl`, GOLDEN));
  assert.ok(text.endsWith("\n"));
  return text.slice(0, -1).split("\n");
}

/** The events of a log, read from a store in memory. */
async function* logged(file: string, lines: readonly StoredLine[]) {
  const stream = file.split("/")[1]!;
  const store = memoryEventStore();
  await store.append(stream, 0, lines);
  yield* readStream(store, stream, portableSha256);
}

async function verdictOn(file: string, lines: readonly StoredLine[]): Promise<ReplayVerdict> {
  return await verifyReplay(logged(file, lines), RULES);
}

Deno.test("this test lists every golden log", async () => {
  const files: string[] = [];
  for await (const { name: folder, isDirectory } of Deno.readDir(GOLDEN)) {
    if (!isDirectory) continue;
    for await (const { name } of Deno.readDir(new URL(`${folder}/`, GOLDEN))) {
      files.push(`${folder}/${name.replace(".jsonl", "")}`);
    }
  }
  assert.deepEqual(files.sort(), LOGS.map(({ file }) => file).sort());
});

for (const { file, verdict, shown, transcript } of LOGS) {
  Deno.test(`golden log ${file} contains an ended discussion, and its hash chain and events are valid`, async () => {
    const lines = await linesIn(file);
    const report = await verifyStream(
      file.split("/")[1]!,
      (async function* () {
        yield* lines;
      })(),
      portableSha256,
    );
    assert.deepEqual([report.events, report.ended, report.damage], [verdict.events, true, null]);
  });

  Deno.test(`golden log ${file} has the expected comments and silent turns`, async () => {
    const said: string[] = [];
    for await (const envelope of logged(file, await linesIn(file))) {
      const { data } = eventOf(envelope);
      const who = "participant" in data ? data.participant : "moderator" in data ? data.moderator : null;
      if ("raw" in data && "reason" in data) said.push(`(${who}: ${data.reason})`);
      else if ("text" in data) said.push(`${who ?? ("author" in data && data.author)}: ${data.text}`);
    }
    assert.deepEqual(said, transcript);
  });

  Deno.test(`golden log ${file} replays to its end with the same prompts and draws`, async () => {
    const lines = await linesIn(file);
    assert.deepEqual(await verdictOn(file, lines), verdict);
    const { state } = await replay(logged(file, lines));
    assert.ok(state.phase === "ended");
    assert.deepEqual(state.ending, { type: "DiscussionCompleted", reason: "turns" });
    assert.equal(state.comments, transcript.filter((line) => !line.startsWith("(")).length);
  });

  Deno.test(`golden log ${file} gives every prompt again, even without the rules that chose the speakers`, async () => {
    const requests = sentRequests(logged(file, await linesIn(file)), {
      sha256: portableSha256,
      schedules: new Map(),
    });
    const prompts = await Array.fromAsync(requests, ({ prompt }) => prompt);
    const checks = prompts.map((prompt) => "unknown" in prompt ? "unknown" : prompt.check);
    const count = (check: string) => checks.filter((other) => other === check).length;
    const { promptsVerified, promptsInherited } = verdict;
    assert.deepEqual([count("same"), count("different")], [promptsVerified, 0]);
    assert.ok(count("unknown") >= promptsInherited);
  });

  Deno.test(`golden log ${file} counts as damaged if any line is changed, missing or repeated`, async () => {
    const lines = await linesIn(file);
    for (const [index, line] of lines.entries()) {
      const changed = line.replace('"seq":', '"seq" :').replace(/"at":"2026/, '"at":"2027');
      for (
        const mutated of [
          lines.with(index, changed),
          lines.toSpliced(index, 1, ...(index === lines.length - 1 ? ["{}"] : [])),
          lines.toSpliced(index, 0, line),
          lines.with(index, line.slice(0, -3) + (line.at(-3) === "0" ? "1" : "0") + line.slice(-2)),
        ]
      ) {
        await assert.rejects(verdictOn(file, mutated), DamagedStream);
      }
    }
  });

  Deno.test(`golden log ${file} does not verify if a comment is changed and the hashes are recomputed`, async () => {
    const events = await Array.fromAsync(logged(file, await linesIn(file)), eventOf);
    const event = events[shown]!;
    assert.ok("text" in event.data);
    const mutated = events.with(
      shown,
      { ...event, data: { ...event.data, text: "Else." } } as DiscussionEvent,
    );
    const { divergences } = await verdictOn(file, linesOf(file.split("/")[1]!, mutated));
    assert.ok(divergences.some(({ what }) => what === "prompt"));
  });
}
