import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment, jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

type Check = Readonly<{ type: string; check: string; verdict: string; reason: string }>;

function verdicts(stdout: string): Map<string, string> {
  const checks = (jsonLines(stdout) as Check[]).filter(({ type }) => type === "check");
  return new Map(checks.map(({ check, verdict }) => [check, verdict]));
}

async function withRun(
  test: (cwd: string) => Promise<void>,
  files: Readonly<Record<string, string>> = { "e.yaml": experiment("{ adapter: scripted }", 12) },
): Promise<void> {
  await inFolder(async (cwd) => {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(cwd, name), text);
    const { code, stderr } = await runProgram(["run", "e.yaml", "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    await test(cwd);
  });
}

Deno.test("verify --design passes a run that matches its declaration", () =>
  withRun(async (cwd) => {
    const { code, stdout, stderr } = await runProgram(["verify", "--design", "runs/tiny"], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^speaker draws +all +36 of 36 \(100\.0 %\) +36 +pass /m);
    assert.match(stdout, /\n3 discussions compared with the experiment "e\.yaml"\n\d+ checks: 0 flagged, /);
    const json = await runProgram(["verify", "--design", "runs/tiny", "--json"], { cwd });
    const { type, flagged, discussions } = jsonLines(json.stdout).at(-1);
    assert.deepEqual([type, flagged, discussions], ["checked", 0, 3]);
  }));

Deno.test("verify --design exits with 1 and flags checks if a run differs from the file of --declared", () =>
  withRun(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "declared.yaml"), "turnTaking: round-robin\nturns: 11\nhistory: 2\n");
    const args = ["verify", "--design", "--declared", "declared.yaml", "runs/tiny"];
    const { code, stdout } = await runProgram([...args, "--json"], { cwd });
    assert.equal(code, 1);
    const found = verdicts(stdout);
    for (const check of ["turn counts", "speakers the rule allows", "speaker draws", "window length"]) {
      assert.equal(found.get(check), "flag", check);
    }
    assert.equal(found.get("never twice in a row"), "pass");
    assert.match(
      (await runProgram(args, { cwd })).stdout,
      /^turn counts +all +0 of 3 \(0\.0 %\) +3 +FLAG +11 turns$/m,
    );
  }));

Deno.test("verify --design says why it cannot check the draws when the experiment's files are missing", () =>
  withRun(
    async (cwd) => {
      const declaredBy = async (...options: readonly string[]) => {
        const args = ["verify", "--design", "runs/tiny", "--json", ...options];
        const { code, stdout } = await runProgram(args, { cwd });
        const isRecorded = verdicts(stdout).get("run as recorded") === "pass";
        assert.equal(code, isRecorded ? 0 : 1);
        const isKnown = verdicts(stdout).get("what was drawn") === "pass";
        return [isKnown, jsonLines(stdout).at(-1).declaredBy.replace(/^.*, because /, "")];
      };
      await Deno.writeTextFile(join(cwd, "personas.json"), '[{ "name": "Eve" }, { "name": "Una" }]');
      assert.deepEqual(await declaredBy(), [true, 'the experiment "e.yaml"'], "the run's folder has a copy");
      await Deno.remove(join(cwd, "runs", "tiny", "inputs"), { recursive: true });
      const missing = 'the files that "e.yaml" names are not in the run\'s folder, or were changed';
      assert.deepEqual(await declaredBy(), [false, missing]);
      assert.deepEqual(await declaredBy("--trust"), [false, missing]);
      const file = join(cwd, "runs", "tiny", "manifest.json");
      const { runLog: _, code: __, ...old } = JSON.parse(await Deno.readTextFile(file));
      await Deno.writeTextFile(file, JSON.stringify(old));
      await Deno.remove(join(cwd, "runs", "tiny", "run.jsonl"));
      const missingInOld = 'the files that "e.yaml" names are not in the run\'s folder';
      assert.deepEqual(await declaredBy(), [false, `${missingInOld} (--trust reads them where they were)`]);
      assert.deepEqual(await declaredBy("--trust"), [false, '"e.yaml" has changed since the run was made']);
      await Deno.remove(join(cwd, "personas.json"));
      assert.deepEqual(await declaredBy("--trust"), [false, `${missingInOld}, and cannot be read elsewhere`]);
    },
    {
      "e.yaml": experiment("{ adapter: scripted }").replace(
        /personas: \[.*?\] \}/,
        "personas: personas.json }",
      ),
      "personas.json": '[{ "name": "Anna" }, { "name": "Ben" }]',
    },
  ));

Deno.test("verify --design reports a damaged log, and checks the others", () =>
  withRun(async (cwd) => {
    const folder = join(cwd, "runs", "tiny", "discussions");
    const file = join(folder, [...Deno.readDirSync(folder)][0]!.name);
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replace('"turn":1', '"turn":9'));
    const { code, stdout } = await runProgram(["verify", "--design", "runs/tiny"], { cwd });
    assert.equal(code, 1);
    assert.match(
      stdout,
      /\nNot checked to their end:\n {2}Cannot read "base\.r000\d\.\w+": line \d of .* is damaged: /,
    );
    assert.match(stdout, /^turn counts +all +2 of 2 /m);
  }));

Deno.test("verify --design escapes control characters", () =>
  withRun(
    async (cwd) => {
      const { code, stdout } = await runProgram(["verify", "--design", "runs/tiny"], { cwd });
      assert.equal(code, 0);
      assert.doesNotMatch(stdout, /[^\P{Cc}\n]|\u202e/u);
      assert.ok(stdout.includes("empty replies and \\u{202e}\\u{1b}[31mPASS"), stdout);
    },
    {
      "e.yaml": experiment("{ adapter: scripted }").replace(
        "turns: 4",
        'turns: 4, passWord: "\\u202e\\e[31mPASS"',
      ),
    },
  ));

Deno.test("verify refuses options that exclude each other, and a wrong declaration", () =>
  withRun(async (cwd) => {
    const repair = await runProgram(["verify", "--design", "--repair", "runs/tiny"], { cwd });
    assert.deepEqual([repair.code, repair.stdout], [2, ""]);
    assert.match(repair.stderr, /Cannot use --design with --repair/);
    const alone = await runProgram(["verify", "--declared", "d.yaml", "runs/tiny"], { cwd });
    assert.match(alone.stderr, /Cannot use --declared without --design/);
    const missing = await runProgram(["verify", "--design", "--declared", "d.yaml", "runs/tiny"], { cwd });
    assert.deepEqual([missing.code, /d\.yaml/.test(missing.stderr)], [2, true]);
    await Deno.writeTextFile(join(cwd, "d.yaml"), "turns: many\n");
    const wrong = await runProgram(["verify", "--design", "--declared", "d.yaml", "runs/tiny"], { cwd });
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.stderr,
      /d\.yaml:1:8: turns: expected a whole number from 1 to 100000, found the text "many"/,
    );
  }));

const UTTERANCES = ["A", "A", "B", "A"].map((speaker, nth) =>
  JSON.stringify({ conversation_id: "c1", speaker, text: `Comment ${nth}` })
).join("\n");

Deno.test("verify --design and report --check check imported discussions only against --declared", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "twice.jsonl"), `${UTTERANCES}\n`);
    const imported = await runProgram(["import", "twice.jsonl", "--out", "people"], { cwd });
    assert.equal(imported.code, 0, imported.stderr);
    const { code, stdout } = await runProgram(["verify", "--design", "--json", "people"], { cwd });
    assert.equal(code, 0);
    assert.deepEqual([...new Set(verdicts(stdout).values())], ["cannot-tell"]);
    const report = await runProgram(["report", "people", "--check"], { cwd });
    assert.equal(report.code, 0, report.stderr);
    await Deno.writeTextFile(join(cwd, "declared.yaml"), "turnTaking: random\nturns: 5\n");
    const declared = ["verify", "--design", "--json", "--declared", "declared.yaml", "people"];
    const held = await runProgram(declared, { cwd });
    assert.equal(held.code, 1);
    const found = verdicts(held.stdout);
    assert.deepEqual([found.get("never twice in a row"), found.get("turn counts")], ["flag", "flag"]);
  }));

Deno.test("verify --design accepts that a custom strategy repeats a speaker", () =>
  withRun(
    async (cwd) => {
      const { code, stdout } = await runProgram(["verify", "--design", "--json", "runs/tiny"], { cwd });
      assert.equal(code, 0, stdout);
      assert.equal(verdicts(stdout).get("never twice in a row"), "cannot-tell");
      assert.equal(verdicts(stdout).get("turn counts"), "pass");
    },
    {
      "e.yaml": experiment("{ adapter: scripted }").replace(
        "turns: 4",
        "turns: 4, turnTaking: ./monologue.ts",
      ),
      "monologue.ts":
        'export default { name: "monologue", select: (view: { turn: number }) => view.turn % 4 < 3 ? 0 : 1 };\n',
    },
  ));
