/** Two people rate in the browser while the real command annotates. The command is killed in between. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "npm:playwright-core@1.65.1";
import { eventOf } from "../../core/events/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import { openPage, withBrowser } from "../report/testing/browser.ts";
import { folderRun } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

const EXPERIMENT = `
name: rated
seed: 7
models: { talker: { adapter: scripted, replies: [One thing., "Another <b>thing</b>."] } }
participants: { model: talker, personas: [{ name: Hidden Ann, secret: attribute }, { name: Hidden Ben }] }
openings: [{ author: Hidden Eve, text: Should the library open at night? }]
moderators: { gentlest: { model: talker, schedule: every-turn } }
moderator: gentlest
discussion: { turns: 2 }
design: { factors: { moderator: [null, gentlest] }, replications: 2 }
`;

const ANNOTATION = `
pass: people
models: { person: { adapter: human }, program: { adapter: scripted, replies: ["4"] } }
annotators: [{ model: person, personas: [{ name: Rita }, { name: Sam }] }, { model: program }]
scales: { toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is it? } }
people: { consent: consent.md, rating: { repeat: 0 } }
`;

const ALONE = `
pass: alone
models: { person: { adapter: human } }
annotators: [{ model: person, personas: [{ name: Uma }] }]
scales: { toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is it? } }
`;

/** Nothing of this may reach a rater. */
const HIDDEN =
  /Hidden|secret|gentlest|none|program|scripted|moderator|participant|author|annotator|prompt|Rita|Sam/;

/** Starts a command for the run in a folder. */
function command(run: string, ...args: readonly string[]): Deno.ChildProcess {
  const all = ["run", "-A", "--quiet", "--no-check", "--lock=deno.lock", "--frozen", "cli/main.ts", ...args];
  return new Deno.Command(Deno.execPath(), {
    args: all,
    cwd: PROJECT,
    env: { XDG_STATE_HOME: join(run, "..", "state") },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

async function linksIn(
  file: string,
  process: Deno.ChildProcess,
  count = 2,
): Promise<ReadonlyMap<string, string>> {
  let hasEnded = false;
  void process.status.then(() => hasEnded = true);
  while (!hasEnded) {
    const text = await Deno.readTextFile(file).catch(() => "");
    const links = [...text.matchAll(/^(.+),annotator,(http:\S+)$/gm)].map(([, name, link]) =>
      [name!, link!] as const
    );
    if (links.length === count) return new Map(links);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the command has ended without links");
}

/** Collects what the server sends to a rater, apart from the files of the page. */
function listen(page: Page): string[] {
  const sent: string[] = [];
  page.on("response", (response) => {
    if (!response.url().includes("/api/")) return;
    response.text().then((text) => sent.push(text), () => {});
  });
  return sent;
}

async function agree(page: Page): Promise<void> {
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Take part", exact: true }).click();
}

/** Rates the items with the numbers `from` to `to`, all with the same key. */
async function rate(page: Page, { from, to, key }: Readonly<{ from: number; to: number; key: string }>) {
  for (let number = from; number <= to; number++) {
    await page.locator("header .number", { hasText: `: ${number} of` }).waitFor();
    await page.keyboard.press(key);
    await page.keyboard.press("Enter");
  }
}

withBrowser(
  "two people rate a run whose command is killed in between, and every rating is in the logs",
  async (browser) => {
    const folder = await Deno.makeTempDir();
    const [run, links] = [join(folder, "run"), join(folder, "links.csv")];
    await Deno.writeTextFile(join(folder, "experiment.yaml"), EXPERIMENT);
    await Deno.writeTextFile(join(folder, "annotation.yaml"), ANNOTATION);
    await Deno.writeTextFile(join(folder, "consent.md"), "We store your ratings.\n");
    const held = command(run, "run", join(folder, "experiment.yaml"), "--quiet", "--out", run);
    assert.equal((await held.status).code, 0);
    const annotating = () =>
      command(
        run,
        "annotate",
        "--with",
        join(folder, "annotation.yaml"),
        "--quiet",
        "--people-links",
        links,
        run,
      );
    let process = annotating();
    try {
      const first = await linksIn(links, process);
      const [rita, sam] = [
        await openPage(browser, first.get("Rita")!),
        await openPage(browser, first.get("Sam")!),
      ];
      const sent = [listen(rita.page), listen(sam.page)];
      for (const { page } of [rita, sam]) await agree(page);
      const shown = await rita.page.locator("header .number").textContent();
      const total = Number(/of (\d+)/.exec(shown ?? "")?.[1]);
      await rate(rita.page, { from: 1, to: 1, key: "0" });
      await Promise.all([
        rate(rita.page, { from: 2, to: 3, key: "2" }),
        rate(sam.page, { from: 1, to: total - 1, key: "5" }),
      ]);
      await rita.page.locator("header .number", { hasText: ": 4 of" }).waitFor();
      await sam.page.getByText(`Rating: ${total} of ${total}`).waitFor();

      process.kill("SIGKILL");
      await process.status;
      await rita.page.keyboard.press("2");
      await rita.page.keyboard.press("Enter");
      await rita.page.getByText("The connection is lost.").waitFor();
      await Deno.remove(links);
      process = annotating();
      assert.deepEqual(await linksIn(links, process), first);

      // Rita's page continues by itself, and Sam reloads.
      await rita.page.getByText("connected", { exact: true }).waitFor();
      await sam.page.reload();
      await rate(rita.page, { from: 4, to: total, key: "2" });
      await rate(sam.page, { from: total, to: total, key: "5" });
      for (const { page } of [sam, rita]) {
        await page.getByText(`You have rated all ${total} comments`).waitFor();
        await page.keyboard.press("Enter");
        await page.getByText("Everything is rated").waitFor();
      }
      assert.equal((await process.status).code, 0);

      const given = new Map<string, unknown[]>();
      const { store } = await folderRun(run).read();
      for await (const stream of store.streams()) {
        for await (const envelope of readStream(store, stream, nativeSha256)) {
          const { type, data } = eventOf(envelope);
          if (type !== "CommentAnnotated" && type !== "AnnotationUnparsed") continue;
          const value = type === "CommentAnnotated" ? data.values.toxicity : data.problem;
          given.set(data.annotator, [...given.get(data.annotator) ?? [], value]);
        }
      }
      const sorted = (name: string) => given.get(name)!.map(String).sort();
      assert.deepEqual(sorted("Rita"), [...Array(total - 1).fill("2"), "the annotator cannot tell"]);
      assert.deepEqual(sorted("Sam"), Array(total).fill("5"));
      assert.equal(sorted("program").length, total);
      for (const text of sent.flat()) assert.doesNotMatch(text, HIDDEN);
      assert.ok(sent.flat().length > 2 * total);

      // No one is left to ask, so the command ends by itself.
      await Deno.remove(links);
      await Deno.writeTextFile(join(folder, "annotation.yaml"), ALONE);
      process = annotating();
      const { page } = await openPage(browser, (await linksIn(links, process, 1)).get("Uma")!);
      await rate(page, { from: 1, to: 1, key: "2" });
      await page.getByText("Saved.").waitFor();
      assert.equal((await command(run, "withdraw", "--yes", run, "Uma").status).code, 0);
      assert.equal((await process.status).code, 0);
      process = annotating();
      assert.equal((await process.status).code, 0);
      assert.equal(await Deno.readTextFile(links), "person,role,link\n");
    } finally {
      try {
        process.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await process.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
);
