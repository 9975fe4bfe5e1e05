/**
 * `view --export` writes a page that opens from a disk, without private words and without what the user
 * leaves out.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { openPage, withBrowser } from "../../adapters/report/testing/browser.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { axeProblems } from "../../adapters/viewer/testing/axe.ts";
import type { DiscussionRow } from "../../analysis/listing/mod.ts";
import { chained, eventsOf, makeManyLogs } from "../../adapters/viewer/index/testing/many_logs.ts";
import { judgedExperiment } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

const HOSTILE =
  '</script><script>document.title="hacked"</script><img src=x onerror=alert(1)>\u2028\u202Eevil';

/** A path and a host that must not leave the machine. They are put together, so that this file names none. */
const SECRET_PATH = ["", "home", "planted-user", "secret", "notes.txt"].join("/");
const SECRET_HOST = "gpu9.planted.example";

async function called(cwd: string, ...args: string[]) {
  const ended = await runProgram(args, { cwd });
  assert.equal(ended.code, 0, ended.stderr);
  return ended.stdout;
}

/** A run whose texts are hostile and name a path, a user, a host and raters. */
async function plantedRun(cwd: string): Promise<string> {
  const said = `<think>hidden thought</think>${HOSTILE} see ${SECRET_PATH} of planted-user`;
  const model = JSON.stringify({ adapter: "scripted", replies: [said, "Trams are late."] });
  const text = judgedExperiment(model, 2).replace("Keep the peace.", "Keep the planted instruction.")
    .replace("name: rated", `name: rated # baseUrl: "http://${SECRET_HOST}/v1" in ${SECRET_PATH}`);
  await Deno.writeTextFile(`${cwd}/e.yaml`, text);
  await called(cwd, "run", "e.yaml", "--out", "run", "--quiet");
  await called(cwd, "annotate", "run", "--with", "e.yaml", "--quiet");
  return `${cwd}/run`;
}

/** All files of an export: path → text. */
async function textsIn(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory) texts.set(name, await Deno.readTextFile(`${folder}/${name}`));
  }
  for await (const { name } of Deno.readDir(`${folder}/data`)) {
    texts.set(`data/${name}`, await Deno.readTextFile(`${folder}/data/${name}`));
  }
  return texts;
}

/** The files that hold data; the others are the same in each export. */
function dataIn(texts: ReadonlyMap<string, string>): string {
  return [...texts].filter(([name]) => name === "index.js" || name.startsWith("data/")).map(([, text]) =>
    text
  ).join();
}

const looks = async (run: string) =>
  (await Deno.readTextFile(`${run}/run.jsonl`)).split("\n").filter((line) => line.includes('"ResultsViewed"'))
    .length;

Deno.test("view --export says what leaves the machine, and writes nothing private and no outcome unless asked", () =>
  inFolder(async (cwd) => {
    const run = await plantedRun(cwd);
    const refused = await runProgram(["view", run, "--export", "page"], { cwd });
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /the program cannot ask here whether you agree to the list above\. Check the list, and give --yes/,
    );
    assert.ok(!existsSync(`${cwd}/page`));
    const told = await called(cwd, "view", run, "--export", "page", "--yes");
    assert.match(told, /^ {2}prompts: .*[^]*It does not contain:\n {2}experiment: /m);
    const plain = dataIn(await textsIn(`${cwd}/page`));
    for (
      const word of [
        SECRET_HOST,
        "planted-user",
        "secret/",
        cwd,
        dirname(cwd),
        Deno.hostname(),
        "Rita",
        "Sam",
      ]
    ) {
      assert.ok(!plain.includes(word), word);
    }
    for (const word of ["CommentAnnotated", "\\u2028</", "</script", "Keep the code", "annotatorReplies"]) {
      assert.ok(!plain.includes(word), word);
    }
    for (const word of ["planted instruction", "hidden thought", "removed-path/notes.txt"]) {
      assert.ok(plain.includes(word), word);
    }
    assert.equal(await looks(run), 0);

    const least = ["--leave-out", "prompts,thoughts"];
    await called(cwd, "view", run, "--export", "page", "--yes", ...least);
    const short = dataIn(await textsIn(`${cwd}/page`));
    for (const word of ["planted instruction", "hidden thought", "Doubt everything"]) {
      assert.ok(!short.includes(word), word);
    }

    await called(cwd, "view", run, "--export", "page", "--yes", "--include", "outcomes,rater-names");
    const whole = dataIn(await textsIn(`${cwd}/page`));
    for (const word of ["CommentAnnotated", "Rita"]) {
      assert.ok(whole.includes(word), word);
    }
    assert.equal(await looks(run), 1);

    await Deno.writeTextFile(`${run}/run.jsonl`, (await Deno.readTextFile(`${run}/run.jsonl`)).slice(0, 700));
    const damaged = await runProgram(
      ["view", run, "--export", "page", "--yes", "--include", "outcomes,experiment"],
      { cwd },
    );
    assert.equal(damaged.code, 0);
    assert.match(damaged.stderr, /^Cannot record in the log of .* that "view" shows its results: /m);
    const unrecorded = dataIn(await textsIn(`${cwd}/page`));
    for (const word of ["shows its results: ", "annotatorReplies"]) {
      assert.ok(unrecorded.includes(word), word);
    }

    const { success } = await new Deno.Command("sha256sum", {
      args: ["--check", "--strict", "--quiet", "SHA256SUMS"],
      cwd: `${cwd}/page`,
    }).output();
    assert.ok(success);
  }));

Deno.test("view --export writes only chosen discussions, and refuses wrong options and foreign folders", () =>
  inFolder(async (cwd) => {
    const run = await plantedRun(cwd);
    const exported = (...args: string[]) => called(cwd, "view", run, "--export", "page", "--yes", ...args);
    assert.match(await exported("--condition", "none"), /: 2 discussions in /);
    assert.match(
      await exported("--only", "status=completed&condition=host"),
      /: 2 discussions in /,
    );
    const refuse = async (expected: RegExp, ...args: string[]) => {
      const { code, stderr } = await runProgram(["view", run, ...args], { cwd });
      assert.equal(code, 2, stderr);
      assert.match(stderr, expected);
    };
    await refuse(/no discussion is chosen/, "--export", "none", "--yes", "--condition", "absent");
    const [there] = [...Deno.readDirSync(`${run}/discussions`)].map(({ name }) => name.replace(".jsonl", ""));
    await refuse(
      /Cannot export the discussion "absent": no run has it/,
      ...["--export", "none", "--yes", "--discussion", there!, "--discussion", "absent"],
    );
    assert.ok(!existsSync(`${cwd}/none`));
    await refuse(
      /it can be prompts, thoughts, raw$/m,
      "--export",
      "none",
      "--yes",
      "--leave-out",
      "keys",
    );
    await refuse(/Cannot use --yes here: it is for --export/, "--yes");
    await refuse(/did you mean "condition"/, "--export", "none", "--yes", "--only", "conditon=host");
    await refuse(/Cannot use --port with --export/, "--export", "none", "--yes", "--port", "8642");
    await refuse(/in the folder of the run/, "--export", "run/page", "--yes");
    assert.ok(!existsSync(`${cwd}/run/page`));
    await Deno.mkdir(`${cwd}/mine`);
    await Deno.writeTextFile(`${cwd}/mine/notes.txt`, "");
    await refuse(/it holds other files, such as "notes\.txt"/, "--export", "mine", "--yes");
  }));

Deno.test("view --export shows damage: logs that are too short, and events with a wrong shape", () =>
  inFolder(async (cwd) => {
    const run = await plantedRun(cwd);
    const [first] = [...Deno.readDirSync(`${run}/discussions`)].map(({ name }) => name).sort();
    const lines = (await Deno.readTextFile(`${run}/discussions/${first}`)).trimEnd().split("\n");
    const kept = lines.slice(0, -1).map((line) => `${line}\n`);
    await Deno.writeTextFile(`${run}/discussions/${first}`, kept.join(""));
    const [opening] = eventsOf(1);
    const wrong = { ...opening!, data: { ...opening!.data, condition: 7 } } as unknown as typeof opening;
    await Deno.writeTextFile(`${run}/discussions/wrong.jsonl`, `${chained("wrong", [wrong!]).join("\n")}\n`);
    await called(cwd, "view", "run", "--export", "page", "--yes");
    const script = await Deno.readTextFile(`${cwd}/page/index.js`);
    const { rows } = JSON.parse(JSON.parse(script.slice(script.indexOf('"'), script.lastIndexOf('"') + 1)));
    assert.deepEqual(
      rows.filter(({ status }: DiscussionRow) => status === "damaged")
        .map(({ discussion }: DiscussionRow) => `${discussion}.jsonl`),
      [first, "wrong.jsonl"],
    );
    assert.ok(script.includes(`it has ${kept.length} of ${lines.length} events`));
  }));

Deno.test("view --export refuses more discussions than a page can show, and says how to choose some", () =>
  inFolder(async (cwd) => {
    await makeManyLogs(`${cwd}/run`, 5_001);
    const { code, stderr } = await runProgram(["view", "run", "--export", "page", "--yes"], { cwd });
    assert.equal(code, 2, stderr);
    assert.match(
      stderr,
      /more than 5000 discussions: .*Choose some with --discussion, --condition or --only/,
    );
    assert.ok(!existsSync(`${cwd}/page`));
  }));

withBrowser(
  "an exported page with hostile texts opens from a disk, and sends no request to any server",
  (browser) =>
    inFolder(async (cwd) => {
      const run = await plantedRun(cwd);
      await called(cwd, "view", run, "--export", "page", "--yes", "--include", "outcomes");
      const { page, requests, complaints } = await openPage(browser, `file://${cwd}/page/index.html`);
      const go = (hash: string) => page.evaluate((to: string) => void (location.hash = to), hash);
      await page.getByRole("heading", { name: "Overview" }).waitFor();
      await page.getByText("This page was exported").waitFor();
      for (const frozen of ["to this run now", "in the last minute"]) {
        assert.equal(await page.getByText(frozen).count(), 0, frozen);
      }
      await go("#/discussions");
      await page.getByTitle(/^none\.r0001/).first().click();
      await page.waitForFunction(() => location.hash.startsWith("#/d/"));
      await page.getByText("</script><script>").first().waitFor();
      await go("#/outcomes?outcome=mood");
      await page.locator(".plot circle").first().waitFor();
      assert.match(await page.title(), /^Outcomes/);
      assert.equal(await page.locator("img").count(), 0);
      assert.deepEqual(complaints, []);
      assert.ok(requests.every((address) => address.startsWith(`file://${cwd}/page/`)), requests.join());

      // From here on, axe itself asks for style sheets.
      assert.deepEqual(await axeProblems(page), []);
      await go("#/side-by-side");
      const heads = page.getByRole("columnheader");
      await heads.nth(2).waitFor();
      const columns = await heads.allInnerTexts();
      assert.deepEqual(columns.map((text) => text.split("\n")[0]), ["Turn", "none", "host"]);
      const phone = await openPage(browser, `file://${cwd}/page/index.html`, { colours: "dark", width: 390 });
      await phone.page.evaluate(() => void (location.hash = "#/outcomes?outcome=mood"));
      await phone.page.locator(".plot circle").first().waitFor();
      assert.deepEqual(await axeProblems(phone.page), []);
    }),
);
