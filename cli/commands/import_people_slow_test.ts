import assert from "node:assert/strict";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { jsonLines } from "../testing/experiments.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";

/** The speakers of each discussion of a run, in order. Moderators are in capital letters. */
async function speakersOf(run: string): Promise<string[]> {
  return [...(await contentsOfRun(run)).values()].map((content) =>
    content.trim().split("\n").map((line) => JSON.parse(line).data)
      .flatMap(({ author, participant, moderator }, index) =>
        index === 0 ? [] : author?.toUpperCase() ?? participant ?? moderator?.toUpperCase() ?? []
      ).join(" ")
  ).sort();
}

const FLAGS: readonly (readonly [no: string, yes: string])[] = [
  ["0.0", "1.0"],
  ["n", "y"],
  ["False", "True"],
  ["f", "T"],
  ["0", "1"],
  ["off", "ON"],
  ["", "yes"],
];

for (const [no, yes] of FLAGS) {
  Deno.test(`import reads the flag "${yes}" as a moderator's comment, and "${no}" as a participant's`, () =>
    inFolder(async (cwd) => {
      await Deno.writeTextFile(
        `${cwd}/t.csv`,
        `discussion,author,text,is_moderator\nc1,a,hi,${no}\nc1,m,stop,${yes}\n`,
      );
      const { code, stderr } = await runProgram(["import", "t.csv", "--out", "run"], { cwd });
      assert.equal(code, 0, stderr);
      assert.deepEqual(await speakersOf(`${cwd}/run`), ["a M"]);
    }));
}

Deno.test("import refuses a moderator flag that is neither yes nor no, and names its row", () =>
  inFolder(async (cwd) => {
    const header = "discussion,author,text,is_moderator,role\n";
    const tables: readonly (readonly [rows: string, message: RegExp])[] = [
      [
        "c1,a,hi,no,\nc1,m,stop,maybe,\n",
        /^t\.csv:3: the column "is_moderator" holds "maybe", which is neither yes nor no\. The file is not imported/,
      ],
      ["c1,a,hi,no,\nc1,m,stop,2,\n", /^t\.csv:3: .* holds "2"/],
      [
        "c1,a,hi,no,\nc1,m,stop,,\n",
        /^t\.csv:3: its is_moderator is empty, which can mean yes or no, since line 2 says no; the discussion "c1"/,
      ],
      [
        "c1,a,hi,no,\nc1,m,stop,no,Moderator\n",
        /^t\.csv:3: its role is "Moderator", and its is_moderator says no; the discussion "c1"/,
      ],
    ];
    for (const [rows, message] of tables) {
      await Deno.writeTextFile(`${cwd}/t.csv`, header + rows);
      const { code, stdout, stderr } = await runProgram(["import", "t.csv", "--out", "run"], { cwd });
      assert.equal(code, 1);
      assert.match(stderr, message);
      assert.match(stdout, /^Imported 0 discussions/);
    }
  }));

Deno.test("import makes a new participant for each comment of an author who left, and says so", () =>
  inFolder(async (cwd) => {
    const comments = [
      { id: "k1", author: "OP_person", body: "Buses should be free.", created_utc: 1_500_000_000 },
      { id: "k2", author: "[deleted]", body: "[removed]", created_utc: 1_500_000_100 },
      { id: "k4", author: "other", body: "Who pays?", created_utc: 1_500_000_200 },
      {
        id: "k5",
        author: "[deleted]",
        body: "Someone else who left: the council.",
        created_utc: 1_500_000_300,
      },
    ];
    const lines = comments.map((comment) => JSON.stringify({ ...comment, link_id: "t3_zz1" }));
    await Deno.writeTextFile(`${cwd}/t.jsonl`, lines.join("\n"));
    const { code, stdout } = await runProgram(["import", "t.jsonl", "--out", "run"], { cwd });
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^ {2}t\.jsonl: 2 comments are of authors who left \("\[deleted\]"\)\. The file does not say/m,
    );
    assert.deepEqual(await speakersOf(`${cwd}/run`), ["OP_person [deleted] 1 other [deleted] 2"]);
    const [content] = (await contentsOfRun(`${cwd}/run`)).values();
    const { participants, imported } = JSON.parse(content!.split("\n")[0]!).data;
    assert.equal(participants.length, 4);
    assert.equal(imported.entries[3].author, "[deleted]");
    const again = await runProgram(["import", "t.jsonl", "--out", "run", "--json"], { cwd });
    const [outcome] = jsonLines(again.stdout);
    assert.equal(outcome.alreadyThere, 1);
    assert.match(outcome.notes[0].message, /^2 comments are of authors who left/);
    assert.equal((await runProgram(["verify", "run"], { cwd })).code, 0);
  }));

Deno.test("import distinguishes authors with the same name by their ids", () =>
  inFolder(async (cwd) => {
    const rows = [["Kim", "t2_1"], ["Kim", "t2_2"], ["[deleted]", "t2_3"], ["[deleted]", "t2_3"], [
      "[deleted]",
      "",
    ], ["Kim", "t2_1"]];
    const table = rows.map(([author, id], at) => `c1,${author},comment ${at},${id}\n`).join("");
    await Deno.writeTextFile(`${cwd}/t.csv`, `link_id,author,body,author_fullname\n${table}`);
    const { code, stderr, stdout } = await runProgram(["import", "t.csv", "--out", "run"], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /: 1 comment is of authors who left/);
    assert.deepEqual(await speakersOf(`${cwd}/run`), [
      "Kim 1 Kim 2 [deleted] 1 [deleted] 1 [deleted] 2 Kim 1",
    ]);
  }));

Deno.test("import refuses a comment without an author", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(
      `${cwd}/t.jsonl`,
      '{"root":"c1","user":"A","text":"x"}\n{"root":"c1","user":null,"text":"y"}\n',
    );
    const { code, stderr } = await runProgram(["import", "t.jsonl", "--out", "run"], { cwd });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^t\.jsonl:2: the row does not say who its author is; the discussion "c1" is left out/,
    );
  }));
