/** Withdraws people from a run in a folder, and searches all files and all outputs for their words. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { filesIn, jsonLines } from "../testing/experiments.ts";
import { peopledRun, SECRETS } from "../testing/people.ts";
import { runProgram } from "../testing/processes.ts";

/** Commands that show what was said. */
function readers(run: string): readonly (readonly string[])[] {
  return [
    ["replay", run, "--discussion", "base.r0001", "--json"],
    ["replay", run, "--discussion", "base.r0001"],
    ["prompts", run, "--discussion", "base.r0001"],
    ["query", run, "select author, text, raw, withheld from comments", "--json"],
    ["query", run, "select annotator, scale, value, raw from annotations", "--json"],
    ["query", run, "select * from annotations_unparsed", "--json"],
    ["query", run, "select data from events", "--json"],
    ["export", run, "--format", "csv", "--to", `${run}.csv`, "--force"],
    ["export", run, "--format", "python-library", "--to", `${run}.python`, "--force"],
    ["report", run, "--out", `${run}.report`],
    ["status", run],
  ];
}

function assertNoSecret(text: string, where: string): void {
  for (const secret of SECRETS) assert.ok(!text.includes(secret), `${where} has "${secret}"`);
}

Deno.test("no file of a run has a word of a person, and after a withdrawal no command shows one", () =>
  inFolder(async (cwd) => {
    const { run, persons } = await peopledRun(cwd);
    const quoted = persons.filter((person) => person.includes("/"));
    assert.ok(persons.includes("Rita") && quoted.length > 0, persons.join());
    for (const [path, text] of await filesIn(run)) {
      // A reply of a program that quotes a person stays as it is.
      assertNoSecret(text.replaceAll(/You said: [^}]*/g, ""), path);
    }
    const verified = await runProgram(["verify", run], { cwd });
    assert.equal(verified.code, 0, verified.stdout);
    const before = await runProgram([
      "query",
      run,
      "select count(text) as said, count(*) as all from comments",
      "--json",
    ], {
      cwd,
    });
    const shown = await runProgram(["query", run, "select text from comments", "--json"], { cwd });
    assert.ok(shown.stdout.includes(SECRETS[0]), shown.stdout + shown.stderr);
    const listed = jsonLines((await runProgram(["withdraw", run, "--json"], { cwd })).stdout);
    assert.deepEqual(listed.map(({ person }) => person), persons);
    assert.ok(listed.every(({ agreed, withdrew }) => typeof agreed === "string" && withdrew === null));

    const status = await runProgram(["status", run], { cwd });
    assert.match(
      status.stdout,
      /^rater +annotation pass +consent +rated\nRita +\S+ +agreed \S+Z +not begun$/m,
    );

    const refused = await runProgram(["withdraw", run, persons[0]!], { cwd });
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /the program does not run in a terminal. Give --yes/);
    const strange = await runProgram(["withdraw", run, "Nora", "--yes"], { cwd });
    const people = persons.map((person) => `"${person}"`).join(", ");
    assert.match(strange.stderr, /Cannot withdraw "Nora": the run has no person of this name/);
    assert.ok(strange.stderr.includes(`Its people are ${people}`), strange.stderr);
    const short = await runProgram(["withdraw", run, "rit", "--yes"], { cwd });
    assert.match(short.stderr, /Cannot withdraw "rit" without asking: .* With --yes, give "Rita"/);

    const { code, stdout, stderr } = await runProgram(["withdraw", run, ...persons, "--yes"], { cwd });
    assert.deepEqual([code, stderr], [1, ""], stdout);
    assert.match(
      stdout,
      /^These replies of others repeat words of the person, and stay:\n {2}base\.r000\d.*, by Bob/,
    );
    assert.match(stdout, /Rita withdrew: \d+ ratings can no longer be read\n/);

    for (const [path] of await filesIn(join(run, "people", "keys"))) assert.fail(`${path} is still there`);
    for (const args of readers(run)) {
      const { code, stdout, stderr } = await runProgram(args, { cwd });
      assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
      assertNoSecret((stdout + stderr).replaceAll(/You said: [^}\n]*/g, ""), args.join(" "));
    }
    const withdrawn = await runProgram(["replay", run, "--discussion", "base.r0001"], { cwd });
    if (quoted.some((person) => person.startsWith("base.r0001"))) {
      assert.match(withdrawn.stdout, /turn \d: withdrawn\n/);
    }
    const after = await runProgram(["verify", run], { cwd });
    assert.equal(after.code, 0, after.stdout);
    assert.match(
      after.stdout,
      new RegExp(`${persons.length} people withdrew, so \\d+ texts can no longer be read`),
    );
    const replayed = await runProgram(["replay", run, "--verify"], { cwd });
    assert.equal(replayed.code, 0, replayed.stdout);
    assert.match(
      replayed.stdout,
      /\d+ prompts with words of people that are withdrawn or sealed; no divergences/,
    );
    const counts = await runProgram([
      "query",
      run,
      "select count(text) as said, count(*) as all from comments",
      "--json",
    ], {
      cwd,
    });
    const [[was], [is]] = [before, counts].map(({ stdout }) => jsonLines(stdout)) as [[Counts], [Counts]];
    assert.equal(is.all, was.all);
    assert.ok(Number(is.said) < Number(was.said));
    const again = await runProgram(["withdraw", run, persons[0]!, "--yes"], { cwd });
    assert.equal(again.code, 0, again.stderr);
  }));

/** Asserts that only the user can read an archive and the keys in it, whatever program unpacks it. */
async function assertPrivate(archive: string): Promise<void> {
  assert.equal(Deno.statSync(archive).mode! & 0o777, 0o600);
  const { stdout } = await new Deno.Command("tar", { args: ["-tvzf", archive] }).output();
  const keys = new TextDecoder().decode(stdout).split("\n").filter((line) => /people\/keys\/./.test(line));
  assert.ok(keys.length > 0 && keys.every((line) => line.startsWith("-rw------- ")), keys.join("\n"));
}

type Counts = Readonly<{ said: number; all: number }>;

Deno.test("the card of a data set counts the comments of people and of models separately", () =>
  inFolder(async (cwd) => {
    const { run } = await peopledRun(cwd);
    const { stdout } = await runProgram(["query", run, "select text from comments", "--json"], { cwd });
    const texts = jsonLines(stdout).map(({ text }) => String(text));
    const ofPeople = texts.filter((text) => text.startsWith("I confess ")).length;
    const ofModels = texts.filter((text) => /^(I, |You said)/.test(text)).length;
    const exported = await runProgram(["export", run, "--format", "huggingface", "--to", "card"], { cwd });
    assert.equal(exported.code, 0, exported.stderr);
    const card = await Deno.readTextFile(join(cwd, "card", "README.md"));
    assert.ok(ofPeople > 0 && ofModels > 0, stdout);
    const authors =
      `Language models wrote ${ofModels} of the comments, and people wrote ${ofPeople}. The others`;
    assert.ok(card.includes(authors) && card.includes("- partly-synthetic\n"), card);
  }));

Deno.test("an archive has keys only with --with-keys, and without the keys no one can read the words of people", () =>
  inFolder(async (cwd) => {
    const { run } = await peopledRun(cwd);
    const both = await runProgram(["pack", run, "--with-keys", "--anonymise", "--out", "x.tar.gz"], { cwd });
    assert.match(both.stderr, /Cannot use --with-keys with --anonymise/);
    for (
      const [name, options] of [["without", []], ["anonymous", ["--anonymise"]], ["with", [
        "--with-keys",
      ]]] as const
    ) {
      const packed = await runProgram(["pack", run, ...options, "--out", `${name}.tar.gz`], { cwd });
      assert.equal(/Left out: \d+ keys of people/.test(packed.stdout), name !== "with", packed.stdout);
      assert.equal(/^CAUTION: the archive has \d+ keys of people/m.test(packed.stdout), name === "with");
      if (name === "with") await assertPrivate(join(cwd, "with.tar.gz"));
      const unpacked = await runProgram(["unpack", `${name}.tar.gz`, "--out", name], { cwd });
      assert.equal(unpacked.code, 0, unpacked.stderr);
      const { stdout } = await runProgram(["query", name, "select text, withheld from comments", "--json"], {
        cwd,
      });
      assert.equal(stdout.includes(`${SECRETS[0]} of my aunt, `), name === "with", stdout);
      assert.equal(stdout.includes('"sealed"'), name !== "with");
      const verified = await runProgram(["verify", name], { cwd });
      assert.equal(verified.code, 0, verified.stdout);
      const isCautioned = name !== "with";
      const said = "\\d+ texts of \\d people cannot be read here: the run does not have their keys";
      const report = await runProgram(["report", name, "--out", `${name}.report`], { cwd });
      assert.equal(new RegExp(`^CAUTION: ${said}`, "m").test(report.stdout), isCautioned, report.stdout);
      for (const file of ["report.html", "report.md", "latex/tables/unreadable.tex"]) {
        const text = await Deno.readTextFile(join(cwd, `${name}.report`, file)).catch(() => "");
        assert.equal(new RegExp(said).test(text), isCautioned, file);
      }
      const table = await Deno.readTextFile(join(cwd, `${name}.report`, "data", "unreadable.csv")).catch(() =>
        ""
      );
      assert.equal(/^no key here,\d+,\d\r$/m.test(table), isCautioned, table);
    }
    for (const { name } of Deno.readDirSync(join(cwd, "with", "people", "keys"))) {
      const { mode } = Deno.statSync(join(cwd, "with", "people", "keys", name));
      assert.equal(mode! & 0o777, 0o600);
    }
  }));
