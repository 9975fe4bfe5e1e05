import assert from "node:assert/strict";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { jsonLines } from "../testing/experiments.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";

const UTTERANCES = [
  {
    id: "t1",
    conversation_id: "t1",
    speaker: "Kim",
    text: "Should the library open on Sundays?",
    timestamp: 1_600_000_000,
  },
  {
    id: "t3",
    conversation_id: "t1",
    speaker: "Kim",
    text: "Volunteers, to begin with.",
    timestamp: 1_600_000_120,
    "reply-to": "t2",
  },
  {
    id: "t2",
    conversation_id: "t1",
    speaker: "Lou",
    text: "Who would staff it?",
    timestamp: 1_600_000_060,
    "reply-to": "t1",
  },
  {
    id: "s1",
    conversation_id: "s1",
    speaker: "Lou",
    text: "The fountain is dry again.",
    timestamp: 1_600_001_000,
  },
  {
    id: "s2",
    conversation_id: "s1",
    speaker: "Max",
    text: "It was turned off for the winter.",
    timestamp: 1_600_001_090,
  },
].map((utterance) => ({ "reply-to": null, ...utterance, meta: { score: 1 }, vectors: [] }));

const CONVERSATIONS = {
  t1: { meta: { title: "Library", has_personal_attack: false }, vectors: [] },
  s1: { meta: { title: "Fountain", has_personal_attack: true }, vectors: [] },
};
const SPEAKERS = {
  Kim: { meta: { edits: 12 }, vectors: [] },
  Lou: { meta: { edits: 3 }, vectors: [] },
  Max: { meta: { edits: 40 }, vectors: [] },
};

type Files = Readonly<Record<string, unknown>>;

const NEW: Files = {
  "utterances.jsonl": UTTERANCES.map((utterance) => JSON.stringify(utterance)).join("\n"),
  "conversations.json": CONVERSATIONS,
  "speakers.json": SPEAKERS,
  "corpus.json": { name: "small" },
  "index.json": { "utterances-index": {}, version: 1 },
};

/** The files of older ConvoKit versions: one list of utterances, other key and file names, and metadata without `meta`. */
const OLD: Files = {
  "utterances.json": UTTERANCES.map(({ conversation_id: root, speaker: user, vectors: _, ...rest }) => ({
    root,
    user,
    ...rest,
  })),
  "conversations.json": { t1: CONVERSATIONS.t1.meta, s1: CONVERSATIONS.s1.meta },
  "users.json": { Kim: { edits: 12 }, Lou: { edits: 3 }, Max: { edits: 40 } },
  "corpus.json": { name: "small" },
  "index.json": { "users-index": {} },
};

async function write(folder: string, files: Files): Promise<void> {
  await Deno.mkdir(folder);
  for (const [name, content] of Object.entries(files)) {
    await Deno.writeTextFile(
      `${folder}/${name}`,
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
}

type Discussion = Readonly<{
  id: string;
  condition: string;
  factors: Readonly<Record<string, string>>;
  participants: readonly Readonly<{ name: string; persona: unknown }>[];
  members: Readonly<Record<string, unknown>>;
  entries: Readonly<Record<string, unknown>>;
  texts: readonly string[];
}>;

async function discussionsOf(run: string): Promise<Discussion[]> {
  return [...(await contentsOfRun(run)).values()].map((content) => {
    const [{ data }, ...events] = content.trim().split("\n").map((line) => JSON.parse(line));
    const { condition, factors, participants, imported: { id, members, entries } } = data;
    const texts = events.flatMap(({ data: { text } }) => text ?? []);
    return { id, condition, factors, participants, members, entries, texts };
  }).sort((a, b) => a.id < b.id ? 1 : -1);
}

for (const [version, files] of Object.entries({ new: NEW, old: OLD })) {
  Deno.test(`import reads all files of a corpus in the ${version} layout of ConvoKit`, () =>
    inFolder(async (cwd) => {
      await write(`${cwd}/corpus`, files);
      const { code, stdout, stderr } = await runProgram(["import", "corpus", "--out", "run"], { cwd });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(
        stdout,
        /^Imported 2 discussions from 1 file to run: 5 entries, 0 silent\n\nTo look/,
      );
      const [t1, s1] = await discussionsOf(`${cwd}/run`);
      assert.deepEqual([t1!.id, t1!.condition, t1!.texts], [
        "t1",
        "corpus",
        ["Should the library open on Sundays?", "Who would staff it?", "Volunteers, to begin with."],
      ]);
      assert.deepEqual(t1!.participants.map(({ name, persona }) => [name, persona]), [
        ["Kim", { edits: 12 }],
        ["Lou", { edits: 3 }],
      ]);
      assert.deepEqual(t1!.members.conversation, { title: "Library", has_personal_attack: false });
      assert.deepEqual(t1!.members.corpus, { name: "small" });
      const { meta, "reply-to": reply } = t1!.entries["2"] as Record<string, unknown>;
      assert.deepEqual([meta, reply], [{ score: 1 }, "t2"]);
      assert.deepEqual(s1!.texts, ["The fountain is dry again.", "It was turned off for the winter."]);
      assert.equal((await runProgram(["verify", "run"], { cwd })).code, 0);
      const again = await runProgram(["import", "corpus", "--out", "run"], { cwd });
      assert.match(again.stdout, /^Imported 0 discussions .*; 2 already there\n/);
      const manifest = JSON.parse(await Deno.readTextFile(`${cwd}/run/manifest.json`));
      assert.equal(Object.keys(manifest.sources).length, 4);
    }));
}

Deno.test("import makes conditions from the metadata of a corpus's conversations", () =>
  inFolder(async (cwd) => {
    await write(`${cwd}/corpus`, NEW);
    const args = ["import", "corpus", "--out", "run", "--condition", "meta.has_personal_attack,meta.title"];
    assert.equal((await runProgram(args, { cwd })).code, 0);
    assert.deepEqual(
      (await discussionsOf(`${cwd}/run`)).map(({ condition, factors }) => [condition, factors]),
      [
        ["has_personal_attack=false+title=Library", { has_personal_attack: "false", title: "Library" }],
        ["has_personal_attack=true+title=Fountain", { has_personal_attack: "true", title: "Fountain" }],
      ],
    );
    const absent = await runProgram(["import", "corpus", "--out", "other", "--condition", "meta.topic"], {
      cwd,
    });
    assert.equal(absent.code, 1);
    assert.match(
      absent.stderr,
      /its meta\.topic is missing or empty; its meta has "title", "has_personal_attack"; the discussion "s1" is left out as a whole/,
    );
    const table = await runProgram(
      [
        "import",
        "corpus/utterances.jsonl",
        "--out",
        "third",
        "--format",
        "jsonl",
        "--condition",
        "meta.topic",
      ],
      { cwd },
    );
    assert.match(table.stderr, /only the folder of a ConvoKit corpus has meta/);
  }));

Deno.test("import lists ids without an entry, entries without an utterance, and files of the folder that it does not read", () =>
  inFolder(async (cwd) => {
    await write(`${cwd}/corpus`, {
      ...NEW,
      "conversations.json": { t1: CONVERSATIONS.t1, gone: { meta: {}, vectors: [] } },
      "speakers.json": { Kim: SPEAKERS.Kim, Lou: SPEAKERS.Lou },
      "vectors.bow.p": "x",
      "info.parsed.jsonl": "{}",
      "readme.md": "x",
    });
    const { code, stdout } = await runProgram(["import", "corpus", "--out", "run", "--json"], { cwd });
    assert.equal(code, 0);
    const [{ discussions, notes }] = jsonLines(stdout);
    assert.equal(discussions, 2);
    assert.deepEqual(notes.map(({ message }: { message: string }) => message), [
      "the vectors of the corpus are not read (vectors.bow.p)",
      "these files of its folder are not read: info.parsed.jsonl, readme.md",
      'its file of conversations does not have "s1", which utterances name',
      'its file of conversations has "gone", but no imported utterance has this id',
      'its file of speakers does not have "Max", which utterances name',
    ]);
  }));

Deno.test("import makes no persona for authors who left, because a corpus has one entry for all of them", () =>
  inFolder(async (cwd) => {
    const left = UTTERANCES.map((utterance) => ({ ...utterance, speaker: "[deleted]" }));
    await write(`${cwd}/corpus`, {
      ...NEW,
      "utterances.jsonl": left.map((utterance) => JSON.stringify(utterance)).join("\n"),
      "speakers.json": { "[deleted]": { meta: { edits: 1000 }, vectors: [] } },
    });
    const { stdout } = await runProgram(["import", "corpus", "--out", "run"], { cwd });
    assert.match(stdout, /5 comments are of authors who left/);
    const [t1] = await discussionsOf(`${cwd}/run`);
    assert.deepEqual(t1!.participants.map(({ name, persona }) => [name, persona]), [
      ["[deleted] 1", {}],
      ["[deleted] 2", {}],
      ["[deleted] 3", {}],
    ]);
  }));

Deno.test("import refuses a broken corpus, and says that an archive must be unpacked", () =>
  inFolder(async (cwd) => {
    await write(`${cwd}/corpus`, { ...NEW, "conversations.json": '{\n"t1": ' });
    await Deno.writeTextFile(`${cwd}/corpus.zip`, "PK");
    const { code, stderr } = await runProgram(["import", "corpus", "corpus.zip", "--out", "run"], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /^corpus\.zip: it is an archive: unpack it, and import its files$/m);
    assert.match(
      stderr,
      /^corpus\/utterances\.jsonl: its conversations\.json cannot be read: it is not JSON.* \(line 2\)$/m,
    );
    assert.deepEqual(await discussionsOf(`${cwd}/run`), []);
  }));

Deno.test("import reads a JSON list of comments, and reports a wrong entry by its number", () =>
  inFolder(async (cwd) => {
    const list = [{ thread: "d", author: "A", text: "second", date: "2024-01-02" }, 7, {
      thread: "d",
      author: "B",
      text: "first",
      date: "2024-01-01",
    }];
    await Deno.writeTextFile(`${cwd}/list.json`, `\ufeff\n ${JSON.stringify(list)}`);
    const { code, stderr } = await runProgram(["import", "list.json", "--out", "run"], { cwd });
    assert.equal(code, 1);
    assert.equal(stderr, "list.json:2: the entry is not a JSON object\n");
    assert.deepEqual((await discussionsOf(`${cwd}/run`)).map(({ texts }) => texts), [["first", "second"]]);
  }));

for (const named of [["utterances.jsonl"], ["conversations.json"], Object.keys(NEW)]) {
  Deno.test(`import reads the whole corpus when the user names ${named.join(", ")}`, () =>
    inFolder(async (cwd) => {
      await write(`${cwd}/corpus`, NEW);
      const { code, stdout, stderr } = await runProgram(
        ["import", ...named.map((name) => `corpus/${name}`), "--out", "run"],
        { cwd },
      );
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^Imported 2 discussions from 1 file to run: 5 entries/);
      const [t1] = await discussionsOf(`${cwd}/run`);
      assert.deepEqual(t1!.members.conversation, { title: "Library", has_personal_attack: false });
      assert.deepEqual(t1!.participants[0]!.persona, { edits: 12 });
    }));
}
