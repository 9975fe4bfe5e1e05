/** Studies in scripts that run from right to left or have no spaces: they run, replay, report and export. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { runProgram } from "../testing/processes.ts";

type Language = Readonly<{
  name: string;
  people: readonly [string, string];
  opening: string;
  said: string;
  turn: string;
  rate: string;
  labels: readonly [string, string];
}>;

const LANGUAGES: readonly Language[] = [
  {
    name: "arabic",
    people: ["ليلى", "عمر"],
    opening: "هل يجب أن تسير الحافلات ليلاً؟",
    said: "أظن ذلك، لأن الممرضات يعملن ليلاً (من 22 إلى 6).",
    turn: "الدور لك يا",
    rate: "كيف نبرة التعليق الأخير؟",
    labels: ["هادئ", "غاضب"],
  },
  {
    name: "japanese",
    people: ["花子", "太郎"],
    opening: "夜もバスを走らせるべきですか？",
    said: "はい、看護師は夜も働きます。",
    turn: "あなたの番です、",
    rate: "最後のコメントの調子は？",
    labels: ["穏やか", "激しい"],
  },
];

for (const { name, people, opening, said, turn, rate, labels } of LANGUAGES) {
  Deno.test(`a study in ${name} runs, replays, reports and exports`, () =>
    inFolder(async (folder) => {
      const set = {
        name,
        layout: "messages",
        participantSystem: "{{ context }} {{ name }}",
        participant: `${turn} {{ name }}`,
        annotatorSystem: "{{ instructions }}",
        annotator: "{{ comments }}\n{{ scales[0].question }} {{ scales[0].answers | join(' | ') }}",
        comment: "{{ author }}: {{ indented }}",
        beginning: "…",
      };
      const experiment = {
        name,
        seed: 1,
        models: { m: { adapter: "scripted", replies: [said] }, reader: { adapter: "scripted" } },
        participants: {
          model: "m",
          context: opening,
          instructions: "",
          personas: people.map((name) => ({ name })),
        },
        openings: [opening],
        discussion: { turns: 3, templates: "set.json" },
        design: { replications: 2 },
        annotation: {
          annotators: { model: "reader", instructions: rate },
          templates: "set.json",
          scales: { tone: { type: "nominal", labels, question: rate } },
        },
      };
      await Deno.writeTextFile(join(folder, "set.json"), JSON.stringify(set));
      await Deno.writeTextFile(join(folder, "study.json"), JSON.stringify(experiment));
      const run = join(folder, "run");
      for (
        const args of [
          ["run", join(folder, "study.json"), "--out", run],
          ["replay", run, "--verify"],
          ["verify", run, "--design"],
          ["report", run],
          ["export", run, "--format", "csv", "--to", join(folder, "export")],
        ]
      ) {
        const { code, stdout, stderr } = await runProgram(args);
        assert.equal(code, 0, `${args[0]}: ${stdout}${stderr}`);
      }
      const html = await Deno.readTextFile(join(run, "report", "report.html"));
      assert.ok(html.includes(said));
      assert.ok(html.includes(labels[0]));
      const comments = await Deno.readTextFile(join(folder, "export", "comments.csv"));
      assert.ok(comments.includes(said));
      const { stdout } = await runProgram(["prompts", join(folder, "study.json")]);
      assert.ok(stdout.includes(`${turn} ${people[0]}`), stdout);
      assert.doesNotMatch(stdout, /Write only|Answer only|It is your turn/);
    }));
}
