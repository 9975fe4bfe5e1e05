import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { filesIn, jsonLines, judgedExperiment } from "../testing/experiments.ts";
import { type Ended, runProgram } from "../testing/processes.ts";
import { assertSound, writtenReport } from "../testing/written_report.ts";

const ANALYSIS = `
analysis:
  question: Does a host make discussions friendlier?
  outcomes: [mood, diversity]
  effects: [moderator, "moderator:turn"]
`;

const EXPERIMENT = judgedExperiment("{ adapter: scripted, silence: 0.1 }") + ANALYSIS;

/** A judged run with an analysis in `runs/judged`. */
async function inRun(test: (cwd: string, report: (...args: string[]) => Promise<Ended>) => Promise<void>) {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), EXPERIMENT);
    const { code, stderr } = await runProgram(["run", "e.yaml", "--quiet"], { cwd });
    assert.equal(code, 0, stderr);
    await test(cwd, (...args) => runProgram(["report", "runs/judged", ...args], { cwd }));
  });
}

/** The files below a folder, by their paths within it. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const files = await filesIn(folder);
  return Object.fromEntries([...files].map(([path, text]) => [path.slice(folder.length), text]).sort());
}

Deno.test("report writes every form, which agree with one another and with what is said", () =>
  inRun(async (cwd, report) => {
    const { code, stdout, stderr } = await report();
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "");
    const written = await writtenReport(join(cwd, "runs/judged/report"));
    assertSound(written);
    const { note, files, page, data } = written;

    const [told] = jsonLines((await report("--json")).stdout);
    assert.deepEqual(told, { ...note, out: "runs/judged/report" });
    assert.deepEqual([note.runs, note.discussions, note.compared], [["judged"], 12, 12]);
    for (const [form, folder] of [["latex", "latex/"], ["csv", "data/"]] as const) {
      assert.equal([...files.keys()].filter((path) => path.startsWith(folder)).length, note.written[form]);
    }

    // What was declared is confirmatory, and nothing else is.
    assert.deepEqual(
      note.confirmatory.map(({ outcome, term }: { outcome: string; term: { name: string } }) =>
        `${outcome} by ${term.name}`
      ),
      ["mood", "diversity"].flatMap((outcome) =>
        ["moderator[host]", "moderator[host]:turn"].map((term) => `${outcome} by ${term}`)
      ),
    );
    const confirmatory = data("effects-confirmatory");
    assert.equal(confirmatory.length, 4);
    const [first] = note.confirmatory;
    assert.deepEqual(
      ["estimate", "interval_lower", "interval_upper", "p"].map((key) => Number(confirmatory[0]![key])),
      [first.figures.estimate, first.figures.interval.lower, first.figures.interval.upper, first.figures.p],
    );
    const exploratory = data("effects-exploratory");
    assert.equal(exploratory.filter(({ p }) => p !== "").length, note.exploratory);
    assert.ok(exploratory.every(({ outcome }) => outcome !== "mood"));

    assert.match(stdout, /^12 discussions, 12 of them complete; 4 declared tests, \d+ exploratory tests\n/);
    const [, estimate] = /^ {2}mood by moderator\[host\]: (−?[\d.]+) \(/m.exec(stdout)!;
    const shown = Number(estimate!.replace("−", "-"));
    assert.ok(Math.abs(shown - first.figures.estimate) < 0.001, stdout);
    assert.match(
      stdout,
      /^ {2}diversity by moderator\[host\]:turn: cannot be computed, since .* no mixed model/m,
    );
    assert.match(stdout, /^Wrote runs\/judged\/report: report\.html, report\.md, latex\/ \(\d+ files\), data\/ /m);
    const text = page.querySelector("main")!.textContent;
    for (const part of ["Does a host make discussions friendlier?", `${estimate}`, "confirmatory"]) {
      assert.ok(text.includes(part), part);
      assert.ok(files.get("report.md")!.includes(part), part);
    }

    // One row for every discussion, and for every value of every outcome, as the logs have them.
    assert.deepEqual(
      data("discussions").map(({ discussion }) => discussion).sort(),
      [...Deno.readDirSync(join(cwd, "runs/judged/discussions"))].map(({ name }) =>
        name.slice(0, -".jsonl".length)
      ).sort(),
    );
  }));

Deno.test("report makes the same files of the same run, whenever and with however many workers", () =>
  inRun(async (cwd, report) => {
    assert.equal((await report("--out", "first")).code, 0);
    const first = await contentsOf(join(cwd, "first"));
    const second = runProgram(["report", join(cwd, "runs/judged"), "--out", "second"], { cwd });
    assert.equal((await second).code, 0);
    assert.deepEqual(await contentsOf(join(cwd, "second")), first);

    // Nothing of a run but what is its own: whether it was moved, and what else is in its folder.
    await Deno.mkdir(join(cwd, "elsewhere"));
    await Deno.rename(join(cwd, "runs/judged"), join(cwd, "elsewhere/judged"));
    const moved = await runProgram(["report", "elsewhere/judged", "--out", "moved"], { cwd });
    assert.equal(moved.code, 0, moved.stderr);
    assert.deepEqual(await contentsOf(join(cwd, "moved")), first);
  }));

Deno.test("report replaces a report, and nothing else", () =>
  inRun(async (cwd, report) => {
    const names = async (folder: string) =>
      (await Array.fromAsync(Deno.readDir(join(cwd, folder)), ({ name }) => name)).sort();
    assert.equal((await report("--out", "new/deep", "--format", "csv, html,csv")).code, 0);
    assert.deepEqual(await names("new/deep"), ["data", "report.html", "report.json"]);
    const replaced = await report("--out", "new/deep", "--format", "markdown");
    assert.equal(replaced.code, 0);
    assert.match(replaced.stdout, /^Wrote new\/deep: report\.md\n$/m);
    assert.deepEqual(await names("new/deep"), ["report.json", "report.md"]);
    assert.deepEqual(await names("new"), ["deep"]);

    await Deno.writeTextFile(join(cwd, "new/deep/notes.txt"), "mine");
    await Deno.mkdir(join(cwd, "other"));
    await Deno.writeTextFile(join(cwd, "other/report.json"), "{}");
    await Deno.mkdir(join(cwd, "other/thesis"));
    for (
      const [args, code, said] of [
        [["--out", "new/deep"], 2, /Cannot write to "new\/deep": it holds other things, such as "notes\.txt"/],
        [["--out", "other"], 2, /Cannot write to "other": it holds other things, such as "thesis"/],
        [["--out", "runs/judged"], 2, /Cannot write to "runs\/judged": it holds other things/],
        [["--out", "e.yaml"], 2, /Cannot write to "e\.yaml": it is a file\. Name a folder/],
        [["--out", "e.yaml/sub"], 3, /Cannot write to "e\.yaml\/sub": a part of the path is a file/],
        [["--format", "pdf"], 2, /Cannot write a report as "pdf": it can be html, markdown, latex, csv/],
        [["--format", "html,"], 2, /Cannot write a report as "": it can be html/],
        [["other"], 2, /Cannot choose among the runs' folders: say with --out DIR/],
        [["other", "--out", "x"], 3, /Cannot open the run "other": there is no run in it/],
      ] as const
    ) {
      const ended = await report(...args);
      assert.equal(ended.code, code, `${args}: ${ended.stdout}${ended.stderr}`);
      assert.match(ended.stderr, said);
      assert.equal(ended.stdout, "");
      assert.doesNotMatch(ended.stderr, /\n +at /);
    }
    assert.deepEqual(await names("new/deep"), ["notes.txt", "report.json", "report.md"]);
    assert.deepEqual(await names("."), ["e.yaml", "new", "other", "runs"]);
  }));

Deno.test("report works with the permissions of its task, whatever the folder", () =>
  inRun(async (cwd) => {
    const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
    const [, ...words] = (tasks.report as string).replace(/^\S+='[^']*' /, "").split(" ");
    const flags = words.filter((word) => word.startsWith("--"));
    assert.deepEqual(words.filter((word) => !flags.includes(word)), ["run", "cli/main.ts", "report"]);
    assert.ok(!flags.some((flag) => /^--allow-(?:all|net|run|ffi|sys)/.test(flag)), `${flags}`);
    const main = new URL("../main.ts", import.meta.url).href;
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, main, "report", "runs/judged", "--out", "a b/ü"],
      cwd,
      stdin: "null",
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assertSound(await writtenReport(join(cwd, "a b/ü")));
  }));
