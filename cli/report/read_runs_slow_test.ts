import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "npm:yaml@2.9.1";
import { importDiscussions } from "../../adapters/imports/mod.ts";
import { readConditionRule } from "../../adapters/formats/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { designSection, executionSection, methodsSection } from "../../analysis/report/sections/mod.ts";
import { analysisWith, linesOf } from "../../analysis/report/testing/mod.ts";
import { type Logs, openRunLogs } from "../shared/logs.ts";
import { runProgram } from "../testing/processes.ts";
import { gatherRun } from "./read_runs.ts";
import { readExamples } from "./build_report.ts";

const QUICKSTART = fileURLToPath(new URL("../../fixtures/quickstart", import.meta.url));

// deno-lint-ignore no-explicit-any -- tests look into events and files of many shapes
type Loose = any;

/** Reads the events of a run's logs without the program. */
async function eventsIn(folder: string): Promise<Loose[][]> {
  const logs: Loose[][] = [];
  for await (const { name } of Deno.readDir(join(folder, "discussions"))) {
    const text = await Deno.readTextFile(join(folder, "discussions", name));
    logs.push(text.trimEnd().split("\n").map((line) => JSON.parse(line)));
  }
  return logs;
}

/** Runs an experiment in a temporary folder. */
async function withRun(
  files: Readonly<Record<string, string>>,
  test: (folder: string, experiment: Loose) => Promise<void>,
): Promise<void> {
  await inFolder(async (cwd) => {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(cwd, name), text);
    const { code, stderr } = await runProgram(["run", join(cwd, "e.yaml"), "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    const experiment = parse(files["e.yaml"]!);
    await test(join(cwd, "runs", experiment.name), experiment);
  });
}

async function quickstartFiles(): Promise<Record<string, string>> {
  const read = (name: string) => Deno.readTextFile(join(QUICKSTART, name));
  return {
    "e.yaml": await read("scripted.yaml"),
    "personas.json": await read("personas.json"),
    "openings.yaml": await read("openings.yaml"),
  };
}

/** The methods section as one text. */
async function methodsOf(folder: string, discussions: number): Promise<string> {
  const facts = await gatherRun(await openRunLogs(folder));
  return linesOf(methodsSection([facts], analysisWith({ discussions }))).join("\n");
}

function assertSays(text: string, ...sentences: readonly string[]): void {
  for (const sentence of sentences) assert.ok(text.includes(sentence), `"${sentence}" is not in:\n${text}`);
}

Deno.test("methodsSection() has the figures of the quickstart's files and logs", async () => {
  const files = await quickstartFiles();
  await withRun(files, async (folder, { seed, name, participants, discussion, design, moderators }) => {
    const logs = await eventsIn(folder);
    const comments = new Set(logs.map(([opened]) => opened.data.openings.length));
    assertSays(
      await methodsOf(folder, logs.length),
      `We ran ${logs.length} discussions between simulated participants with SynDisco 0.1.0 (experiment ${name}, seed ` +
        `${seed}), in ${design.factors.moderator.length} conditions that differ by moderator (none, gentle). Each ` +
        `discussion had ${participants.count} participants and ${discussion.turns} turns. Each next speaker was drawn ` +
        "at random among all participants but the last speaker.",
      `Planned | ${logs.length} discussions: ${design.replications} replicates of 2 conditions`,
      "Conditions of a replicate | matched: they share the draws",
      `drawn from ${JSON.parse(files["personas.json"]!).length} personas`,
      `Opening comments | ${[...comments].sort().join(" or ")} opening comments, drawn from ${
        parse(files["openings.yaml"]!).length
      } openings`,
      "Next speaker | each next speaker was drawn at random among all participants but the last speaker",
      "Comments that a prompt shows | the last 3 comments",
      "Replies that mean silence | an empty reply or PASS",
      "Moderator | [moderator: gentle] asked after every turn, and told that it need not speak, with the " +
        `instructions “${moderators.gentle.instructions}”`,
      "Participants and moderators were simulated by talker (a script, not a language model; silence 0.05).",
      `We analysed ${logs.length} discussions.`,
    );
  });
});

const FACTORIAL = `
name: factorial
seed: 9
models:
  talker: { adapter: scripted, temperature: 0.7, maxTokens: 50, silence: 0.1 }
  other: { adapter: scripted, topP: 0.9 }
  judge: { adapter: scripted, annotatorReplies: ["1", "4", "No idea."] }
participants:
  model: [talker, other]
  personas: [{ name: Ada }, { name: Ben }, { name: Cleo }, { name: Dan }, { name: Eve }]
  pinned: [Ada]
  count: 4
  instructions: "<img src=x onerror=alert(1)> & \\\\input{/etc/passwd}"
  roles:
    - { name: sceptic, probability: 0.5, instructions: "Doubt **everything**." }
    - { name: host, count: 1, instructions: Be welcoming. }
discussion:
  turns: 6
  turnTaking: { strategy: respond, probability: 0.4 }
moderators:
  calm: { model: talker, instructions: Keep the peace., schedule: { every: 3 } }
design:
  factors:
    moderator: [none, calm]
    participants.roles:
      - { label: roles, value: [{ name: sceptic, probability: 0.5, instructions: "Doubt **everything**." }] }
      - { label: hosts, value: [{ name: host, count: 1, instructions: Be welcoming. }] }
  vary: { discussion.history: [2, 5] }
  replications: 2
  matched: false
annotation:
  pass: mood
  annotators: { model: judge, personas: [{ name: Rita, age: 50 }, { name: Sam }] }
  targets: { of: participants, perDiscussion: 3 }
  retries: 1
  scales: { mood: { type: ordinal, min: 1, max: 5, question: How friendly is it? } }
`;

Deno.test("methodsSection() and designSection() have the figures of an annotated factorial experiment with roles", () =>
  withRun({ "e.yaml": FACTORIAL }, async (folder, { annotation, participants }) => {
    const logs = await eventsIn(folder);
    const events = logs.flat();
    const read = events.filter(({ type }) => type === "CommentAnnotated").length;
    const lost = events.filter(({ type, data }) =>
      type === "AnnotationUnparsed" && data.attempt === 2
    ).length;
    assert.ok(lost > 0, "with this seed, no annotation is unparsed: use another seed");
    assertSays(
      await methodsOf(folder, logs.length),
      ", in 4 conditions that differ by moderator (none, calm) and participants.roles (roles, hosts).",
      "Planned | 8 discussions: 2 replicates of 4 conditions",
      "Conditions of a replicate | independent: each has its own draws",
      "Drawn for each discussion | discussion.history (2 and 5)",
      "Participants | 4 participants in each discussion",
      "drawn from 4 personas, plus 1 in every discussion",
      "Roles | given at random, not the same ones in all discussions: sceptic (each participant with probability 0.5; “Doubt **everything**.”) and host (1 " +
        "of the participants of a discussion; “Be welcoming.”)",
      "Opening comments | 0 opening comments",
      "With probability 0.4 the second-to-last speaker spoke next",
      "Moderator | [moderator: calm] asked after every 3 turns",
      "talker (a script, not a language model; temperature 0.7, at most 50 tokens; silence 0.1)",
      "other (a script, not a language model; top-p 0.9)",
      "Annotation mood | comments of participants (at most 3 of each discussion, drawn at random), each shown with the " +
        "2 comments before it; by 2 annotators (",
      `scales: mood (ordinal, 1 to 5: “${annotation.scales.mood.question}”)`,
      "asked again, at most once",
      `${lost} of ${read + lost} questions to annotators without a valid value`,
      "the value of a comment, from all valid values of its annotators: their mean",
    );
    const facts = await gatherRun(await openRunLogs(folder));
    const lines = linesOf(designSection([facts]));
    const people = logs.flatMap(([opened]) => opened.data.participants);
    const sceptics = people.filter(({ role }) => role?.name === "sceptic").length;
    const share = (100 * sceptics / people.length).toFixed(1);
    for (
      const line of [
        `sceptic | each participant with probability 0.5 | ${sceptics} | ${share} % | Doubt **everything**.`,
        `Instructions of participants: ${participants.instructions}`,
        `The experiment file e.yaml, as it was run: ${FACTORIAL}`,
        "Moderator | talker | every, n 3 | Keep the peace. |  | 4 | moderator: calm",
      ]
    ) assert.ok(lines.includes(line), `${line} is not in:\n${lines.join("\n")}`);
  }));

Deno.test("gatherRun() reads each log once, and continues after a damaged log", async () => {
  await withRun(await quickstartFiles(), async (folder) => {
    const damaged = join(folder, "discussions", "gentle.r0001.dbe0697e.jsonl");
    const text = await Deno.readTextFile(damaged);
    await Deno.writeTextFile(damaged, text.replace('"participant":"', '"participant":"X'));
    const logs = await openRunLogs(folder);
    const opened: string[] = [];
    const counting: Logs & Pick<typeof logs, "run"> = {
      ...logs,
      pieces(discussion) {
        opened.push(discussion);
        return logs.pieces(discussion);
      },
    };
    const ends: (string | null)[] = [];
    const facts = await gatherRun(counting, {
      others: [{
        add: () => {},
        ended: ({ damage }) => void ends.push(damage),
      }],
    });
    assert.equal(opened.length, 12);
    assert.equal(new Set(opened).size, 12);
    assert.equal(ends.filter((damage) => damage !== null).length, 1);
    assert.deepEqual(facts.execution.ends.get("gentle"), {
      completed: 5,
      stoppedEarly: 0,
      aborted: 0,
      unfinished: 0,
      damaged: 1,
    });
    const lines = linesOf(executionSection([facts]));
    assert.match(lines[0]!, /^flag: Damaged: 1 log: .*gentle\.r0001\.dbe0697e.* is damaged/);
    assert.equal(facts.fidelity.problems.length, 1);
    assertSays(
      linesOf(methodsSection([facts], analysisWith({ discussions: 11 }))).join("\n"),
      "11 of 12 discussions (left out: 1 with a damaged log)",
    );
  });
});

Deno.test("readExamples() reads the chosen discussions again, word for word", async () => {
  await withRun(await quickstartFiles(), async (folder) => {
    const logs = await openRunLogs(folder);
    const discussion = "gentle.r0002.1d23147c";
    const [example] = await readExamples(
      [{ run: "scripted", discussion, condition: "gentle", place: "median", value: 0.61234 }],
      { logs: new Map([["scripted", logs]]), outcome: "diversity" },
    );
    const { title, text, comments } = example!.transcript;
    assert.equal(title, discussion);
    assert.equal(text, "The median of diversity: 0.612. Condition gentle.");
    const log = (await eventsIn(folder)).find(([opened]) => opened.stream === discussion)!;
    const said = log.flatMap(({ data }: Loose) => "comment" in data ? [data.text] : []);
    assert.deepEqual(comments.flatMap(({ text }) => text === null ? [] : [text]), said);
  });
});

const VMD = Deno.env.get("SYNDISCO_VMD") ?? fileURLToPath(new URL("../../../shared/vmd", import.meta.url));
const SKIPPED = existsSync(join(VMD, "reference.json"))
  ? ""
  : " (skipped: the published discussions are missing)";

Deno.test({
  name: `methodsSection() states about imported discussions only facts that their files contain${SKIPPED}`,
  ignore: SKIPPED !== "",
  fn: () =>
    inFolder(async (cwd) => {
      const reference = JSON.parse(await Deno.readTextFile(join(VMD, "reference.json")));
      const out = join(cwd, "vmd");
      await importDiscussions([join(VMD, "discussions")], {
        out,
        columns: {},
        condition: readConditionRule("{model}_{moderator}"),
        roles: [{ name: "troll", contains: "online troll" }],
        strict: true,
        found: () => {},
      });
      const facts = await gatherRun(await openRunLogs(out));
      const text = linesOf(methodsSection([facts], analysisWith({ discussions: 360 }))).join("\n");
      assertSays(
        text,
        `We imported ${reference.discussions} discussions into SynDisco 0.1.0 from 360 files`,
        `Turns | ${reference.user_turns / reference.discussions} turns, silent ones included`,
        `Opening comments | ${reference.seed_comments / reference.discussions} opening comments`,
        `A moderator took part in ${
          reference.moderator_turns / (reference.user_turns / reference.discussions)
        } of them.`,
        "Not known from the files | the rule by which speakers were chosen, when a moderator was asked and how replies " +
          "were sampled",
      );
      assert.doesNotMatch(text, /seed \d|temperature|drawn|matched|replicate|unknown|imported rule/);
      const silent = [...facts.status.conditions.values()].reduce((sum, one) => sum + one.silent, 0);
      assert.equal(silent, reference.silent_user_turns.qwen7b);
    }),
});
