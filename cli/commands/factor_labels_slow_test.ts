import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

const LABELLED = `name: labelled
seed: 4
models: { m: { adapter: scripted }, judge: { adapter: scripted } }
participants: { model: m, personas: [{ name: Anna }, { name: Ben }, { name: Chloe }] }
discussion: { turns: 4 }
moderators: { host: { model: m, schedule: every-turn } }
design:
  factors:
    moderator: { label: Moderation, levels: [none, host] }
    participants.instructions:
      label: Instructions for participants
      levels: [{ label: polite, value: Be polite. }, { label: brief, value: Be brief. }]
  vary:
    discussion.history: { label: Comments shown, levels: [1, 3] }
  replications: 4
annotation:
  annotators: { model: judge }
  scales: { mood: { type: ordinal, min: 1, max: 5, question: Which mood? } }
analysis: { outcomes: [mood], reference: { Moderation: host }, effects: [Moderation, participants.instructions] }
`;

/** Names of factors by their paths. */
const PATHS = /\bparticipants\.instructions\b|\bdiscussion\.history\b|moderator: (none|host)|moderator\[/;

async function textsIn(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) { for (const [inner, text] of await textsIn(path)) texts.set(inner, text); }
    else texts.set(path, await Deno.readTextFile(path));
  }
  return texts;
}

async function ask(cwd: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram(args, { cwd });
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("the labels of factors replace their paths in plan, status, report, query, export and power", () =>
  inFolder(async (cwd) => {
    const file = join(cwd, "labelled.yaml");
    await Deno.writeTextFile(file, LABELLED);
    const plan = (await ask(cwd, "plan", "labelled.yaml")).replaceAll(/\s+/g, " ");
    assert.match(
      plan,
      /factors: Moderation \(none, host\); Instructions for participants \(polite, brief\) varied: Comments shown \(1, 3\)/,
    );
    assert.match(plan, /mood by Moderation, Instructions for participants \(references Moderation host,/);
    await ask(cwd, "run", "labelled.yaml", "--out", "run", "--quiet");
    assert.match(await ask(cwd, "status", "run"), /^factors +Moderation \(none, host\); Instructions/m);

    const summary = await ask(cwd, "report", "run");
    assert.match(summary, /mood by Moderation\[none\]/);
    const texts = await textsIn(join(cwd, "run", "report"));
    for (const [path, text] of texts) {
      // The report quotes the experiment file, which has the paths.
      const own = text.replaceAll(/(<pre[^]*?<\/pre>)|(\x60{3}[^]*?\x60{3})/g, "");
      assert.doesNotMatch(own, PATHS, path);
    }
    for (const form of ["report.md", "report.html"]) {
      const text = texts.get(join(cwd, "run", "report", form))!;
      for (const label of ["Moderation: none − host", "Instructions for participants", "Comments shown"]) {
        assert.ok(text.includes(label), `${form} lacks "${label}"`);
      }
    }
    const latex = [...texts].filter(([path]) => path.endsWith(".tex")).map(([, text]) => text).join("");
    assert.match(latex, /Moderation/);

    const sql = "select distinct factor, path, drawn from factors order by path";
    const rows = jsonLines(await ask(cwd, "query", "run", sql, "--json"));
    assert.deepEqual(rows.map(({ factor, path, drawn }) => [factor, path, drawn]), [
      ["Comments shown", "discussion.history", true],
      ["Moderation", "moderator", false],
      ["Instructions for participants", "participants.instructions", false],
    ]);
    await ask(cwd, "export", "run", "--to", "tables", "--format", "csv", "--tables", "factors");
    const exported = await Deno.readTextFile(join(cwd, "tables", "factors.csv"));
    assert.match(exported, /^run,discussion,factor,level,path,drawn\n.*,Moderation,/);

    const power = ["power", "run", "--outcome", "mood", "--effect", "1", "--replications", "9"];
    const byPath = await ask(cwd, ...power, "--factor", "moderator[none]");
    assert.match(byPath, /^mood by Moderation\[none\]: an effect of 1/);
    assert.equal(await ask(cwd, ...power, "--factor", "Moderation[none]"), byPath);
  }));

Deno.test("report --analysis names factors by path or label, and a run keeps the labels that it was made with", () =>
  inFolder(async (cwd) => {
    const file = join(cwd, "labelled.yaml");
    await Deno.writeTextFile(file, LABELLED);
    await ask(cwd, "run", "labelled.yaml", "--out", "run", "--quiet");
    for (const factor of ["moderator", "Moderation"]) {
      const analysis = `{ outcomes: [mood], effects: ['${factor}'], reference: { ${factor}: none } }`;
      await Deno.writeTextFile(join(cwd, "a.yaml"), analysis);
      await ask(cwd, "report", "run", "--analysis", "a.yaml");
      const report = await Deno.readTextFile(join(cwd, "run", "report", "report.md"));
      assert.match(report, /mood +\| Moderation: host − none /);
    }
    await Deno.writeTextFile(file, LABELLED.replaceAll("Moderation", "Host"));
    const { code, stderr } = await runProgram(["run", "labelled.yaml", "--out", "run"], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /the experiment file has other labels of factors than when this run was made/);
    assert.match(await ask(cwd, "status", "run"), /^factors +Moderation/m);
  }));
