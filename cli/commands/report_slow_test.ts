import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { filesIn, jsonLines, judgedExperiment } from "../testing/experiments.ts";
import { LOCK, runHere, runProgram } from "../testing/processes.ts";
import { assertSound, writtenReport } from "../testing/written_report.ts";

const ANALYSIS = `
analysis:
  question: Does a host make discussions friendlier?
  outcomes: [mood, diversity]
  effects: [moderator, "moderator:turn"]
`;

const EXPERIMENT = judgedExperiment("{ adapter: scripted, silence: 0.1 }") + ANALYSIS;

/** Makes an annotated run with an analysis in `runs/annotated`. */
async function inRun(test: (cwd: string) => Promise<void>) {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), EXPERIMENT);
    const { code, stderr } = await runHere(
      "run",
      join(cwd, "e.yaml"),
      "--out",
      join(cwd, "runs/annotated"),
      "--quiet",
    );
    assert.equal(code, 0, stderr);
    await test(cwd);
  });
}

/** The contents of all files in a folder, by their paths in it. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const files = await filesIn(folder);
  return Object.fromEntries([...files].map(([path, text]) => [path.slice(folder.length), text]).sort());
}

Deno.test("all forms of a report, and the output of the command, show the same numbers", () =>
  inRun(async (cwd) => {
    const { code, stdout, stderr } = await runProgram(["report", "runs/annotated"], { cwd });
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    const written = await writtenReport(join(cwd, "runs/annotated/report"));
    assertSound(written);
    const { note, files, page, data } = written;

    const out = join(cwd, "again");
    const again = await runHere("report", join(cwd, "runs/annotated"), "--json", "--out", out);
    assert.deepEqual(jsonLines(again.stdout), [{ ...note, out }]);
    assert.deepEqual([note.runs, note.discussions, note.compared], [["annotated"], 12, 12]);
    for (const [form, folder] of [["latex", "latex/"], ["csv", "data/"]] as const) {
      assert.equal([...files.keys()].filter((path) => path.startsWith(folder)).length, note.written[form]);
    }

    // Only the declared effects are confirmatory.
    assert.deepEqual(
      note.confirmatory.map(({ outcome, term }: { outcome: string; term: { name: string } }) =>
        `${outcome} by ${term.name}`
      ),
      ["mood by moderator[host]", "mood by moderator[host]:turn", "diversity by moderator[host]"],
    );
    const confirmatory = data("effects-confirmatory");
    assert.equal(confirmatory.length, 3);
    const [first] = note.confirmatory;
    assert.deepEqual(
      ["estimate", "interval_lower", "interval_upper", "p"].map((key) => Number(confirmatory[0]![key])),
      [first.figures.estimate, first.figures.interval.lower, first.figures.interval.upper, first.figures.p],
    );
    const exploratory = data("effects-exploratory");
    assert.equal(exploratory.filter(({ p }) => p !== "").length, note.exploratory);
    assert.equal(exploratory.filter(({ p }) => p === "").length, note.notComputed);
    const declared = confirmatory.map(({ outcome, comparison }) => `${outcome} by ${comparison}`);
    assert.ok(
      exploratory.every(({ outcome, comparison }) => !declared.includes(`${outcome} by ${comparison}`)),
    );

    assert.match(
      stdout,
      /^12 discussions, 12 of them complete; 3 declared tests, \d+ exploratory tests(; \d+ more could not be computed)?\n/,
    );
    const [, estimate] = /^ {2}mood by moderator\[host\]: (−?[\d.]+) \(/m.exec(stdout)!;
    const shown = Number(estimate!.replace("−", "-"));
    assert.ok(Math.abs(shown - first.figures.estimate) <= 0.005, stdout);
    assert.match(
      stdout,
      /^Wrote runs\/annotated\/report: report\.html, report\.md, latex\/ \(\d+ files\), data\/ /m,
    );
    const text = page.querySelector("main")!.textContent;
    for (const part of ["Does a host make discussions friendlier?", `${estimate}`, "confirmatory"]) {
      assert.ok(text.includes(part), part);
      assert.ok(files.get("report.md")!.includes(part), part);
    }

    // The data have one row for each discussion.
    assert.deepEqual(
      data("discussions").map(({ discussion }) => discussion).sort(),
      [...Deno.readDirSync(join(cwd, "runs/annotated/discussions"))].map(({ name }) =>
        name.slice(0, -".jsonl".length)
      ).sort(),
    );
  }));

Deno.test("report writes the same files for the same run at any time and in any folder", () =>
  inRun(async (cwd) => {
    const one = runProgram(["report", "runs/annotated", "--out", "one"], { cwd });
    const other = await runHere("report", join(cwd, "runs/annotated"), "--out", join(cwd, "other"));
    assert.equal((await one).code, 0);
    assert.equal(other.code, 0);
    const expected = await contentsOf(join(cwd, "one"));
    assert.deepEqual(await contentsOf(join(cwd, "other")), expected);

    await Deno.mkdir(join(cwd, "elsewhere"));
    await Deno.rename(join(cwd, "runs/annotated"), join(cwd, "elsewhere/annotated"));
    const moved = await runHere("report", join(cwd, "elsewhere/annotated"), "--out", join(cwd, "moved"));
    assert.equal(moved.code, 0, moved.stderr);
    assert.deepEqual(await contentsOf(join(cwd, "moved")), expected);
  }));

Deno.test("report replaces an earlier report, and no other files", () =>
  inRun(async (cwd) => {
    const at = (...path: string[]) => join(cwd, ...path);
    const report = (...args: string[]) => runHere("report", at("runs/annotated"), ...args);
    const names = async (folder: string) =>
      (await Array.fromAsync(Deno.readDir(join(cwd, folder)), ({ name }) => name)).sort();
    assert.equal((await report("--out", at("new/deep"), "--format", "csv, html,csv")).code, 0);
    assert.deepEqual(await names("new/deep"), ["SHA256SUMS", "data", "report.html", "report.json"]);
    const replaced = await report("--out", at("new/deep"), "--format", "markdown");
    assert.equal(replaced.code, 0);
    assert.match(replaced.stdout, /^Wrote .*new\/deep: report\.md\n$/m);
    assert.deepEqual(await names("new/deep"), ["SHA256SUMS", "report.json", "report.md"]);
    assert.deepEqual(await names("new"), ["deep"]);
    await Deno.symlink(at("new/deep"), at("link"));
    assert.equal((await report("--out", at("link"), "--format", "csv")).code, 0);
    assert.deepEqual(await names("new/deep"), ["SHA256SUMS", "data", "report.json"]);
    await Deno.remove(at("link"));
    assert.equal((await report("--out", at("new/deep"), "--format", "markdown")).code, 0);

    await Deno.writeTextFile(join(cwd, "new/deep/notes.txt"), "mine");
    await Deno.mkdir(join(cwd, "new/deep/data"));
    await Deno.writeTextFile(join(cwd, "new/deep/data/notes.csv"), "mine");
    assert.equal((await report("--out", at("new/deep"), "--format", "csv")).code, 0);
    assert.equal((await report("--out", at("new/deep"), "--format", "markdown")).code, 0);
    assert.deepEqual(await names("new/deep/data"), ["notes.csv"]);
    await Deno.mkdir(join(cwd, "other"));
    await Deno.copyFile(join(cwd, "new/deep/report.json"), join(cwd, "other/report.json"));
    await Deno.mkdir(join(cwd, "other/thesis"));
    // Files of other programs that have the same names as files of a report.
    const theirs = ['{"coverage":1}', "null", "not JSON"];
    for (const [index, text] of theirs.entries()) {
      await Deno.mkdir(at(`theirs${index}/data`), { recursive: true });
      await Deno.writeTextFile(at(`theirs${index}/report.json`), text);
    }
    await Deno.mkdir(at("theirs3/report.json"), { recursive: true });
    for (
      const [args, code, said] of [
        [["--out", at("other")], 2, /Cannot replace a report in ".*other": its "SHA256SUMS" does not say/],
        ...[0, 1, 2, 3].map((index) =>
          [["--out", at(`theirs${index}`)], 2, /Cannot write to ".*theirs\d": it holds other files/] as const
        ),
        [["--out", at("runs/annotated")], 2, /Cannot write to ".*runs\/annotated": it holds other files/],
        [["--out", at("e.yaml")], 2, /Cannot write to ".*e\.yaml": it is a file\. Name a folder/],
        [["--out", at("e.yaml/sub")], 3, /Cannot write to ".*e\.yaml\/sub": a part of the path is a file/],
        [["--format", "pdf"], 2, /Cannot write a report as "pdf": it can be html, markdown, latex, csv/],
        [["--format", "html,"], 2, /Cannot write a report as "": it can be html/],
        [
          [at("other")],
          2,
          /Cannot choose among the runs' folders: name the folder of the report with --out DIR/,
        ],
        [[at("other"), "--out", at("x")], 3, /Cannot open the run ".*other": there is no run in it/],
      ] as const
    ) {
      const ended = await report(...args);
      assert.equal(ended.code, code, `${args}: ${ended.stdout}${ended.stderr}`);
      assert.match(ended.stderr, said);
      assert.equal(ended.stdout, "");
      assert.doesNotMatch(ended.stderr, /\n +at /);
    }
    assert.deepEqual(await names("new/deep"), [
      "SHA256SUMS",
      "data",
      "notes.txt",
      "report.json",
      "report.md",
    ]);
    assert.deepEqual(await names("theirs0"), ["data", "report.json"]);
    assert.deepEqual(await names("theirs3"), ["report.json"]);
    const there = ["e.yaml", "new", "other", "runs", "theirs0", "theirs1", "theirs2", "theirs3"];
    assert.deepEqual(await names("."), there);
  }));

Deno.test("report needs only the permissions of its task, in any folder", () =>
  inRun(async (cwd) => {
    const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
    const [, ...words] = (tasks.report as string).replace(/^\S+='[^']*' /, "").split(" ");
    const flags = words.filter((word) => word.startsWith("--"));
    assert.deepEqual(words.filter((word) => !flags.includes(word)), ["run", "cli/main.ts", "report"]);
    assert.ok(!flags.some((flag) => /^--allow-(?:all|net|run|ffi|sys)/.test(flag)), `${flags}`);
    const main = new URL("../main.ts", import.meta.url).href;
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        ...flags.map((flag) => flag.startsWith("--lock=") ? LOCK : flag),
        main,
        "report",
        "runs/annotated",
        "--out",
        "a b/ü",
      ],
      cwd,
      stdin: "null",
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assertSound(await writtenReport(join(cwd, "a b/ü")));
  }));
