/** The page of a seat in a browser, through the real command: a whole run, a kill in between, and time limits. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import axe from "npm:axe-core@4.14.1";
import type { Page } from "npm:playwright-core@1.65.1";
import { readStream } from "../../core/engine/mod.ts";
import type { Envelope } from "../../core/events/mod.ts";
import { openPage, withBrowser } from "../report/testing/browser.ts";
import { folderRun } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

const experiment = (seconds: number, turns: number) => `
name: people
seed: 7
models:
  person: { adapter: human, timeLimitSeconds: ${seconds} }
  program: { adapter: scripted, replies: ["<script>document.title='hacked'</script> Go on."] }
people: { consent: consent.md, debriefing: debriefing.md }
participants: { model: person, personas: [{ name: Ann, secret: hidden attribute }], instructions: Hidden instructions. }
openings: [{ author: Eve, text: Should the library open at night? }]
moderators: { gentle: { model: program, schedule: every-turn } }
moderator: gentle
discussion: { turns: ${turns} }
design: { factors: { moderator: [gentle] } }
`;

class Command implements AsyncDisposable {
  readonly #folder: string;
  #child: Deno.ChildProcess;

  constructor(folder: string) {
    this.#folder = folder;
    this.#child = this.#start();
  }

  #start(): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check", "--lock=deno.lock", "--frozen", "cli/main.ts", "run"],
        ...[join(this.#folder, "experiment.yaml"), "--out", join(this.#folder, "run"), "--quiet"],
        ...["--people-links", join(this.#folder, "links.csv")],
      ],
      cwd: PROJECT,
      env: { XDG_STATE_HOME: join(this.#folder, "state") },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  async restartAfter(signal: "SIGINT" | "SIGKILL"): Promise<void> {
    this.#child.kill(signal);
    await this.#child.status;
    await Deno.remove(join(this.#folder, "links.csv"));
    this.#child = this.#start();
  }

  async exitCode(): Promise<number> {
    return (await this.#child.status).code;
  }

  /** The only link. */
  async link(): Promise<string> {
    let hasEnded = false;
    void this.#child.status.then(() => hasEnded = true);
    while (!hasEnded) {
      const text = await Deno.readTextFile(join(this.#folder, "links.csv")).catch(() => "");
      const link = /http:\/\/\S+/.exec(text)?.[0];
      if (link !== undefined) return link;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error("the command has ended without a link");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
  }
}

async function prepared(text: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, "experiment.yaml"), text);
  await Deno.writeTextFile(join(folder, "consent.md"), "You can stop at any time.\n");
  await Deno.writeTextFile(join(folder, "debriefing.md"), "The moderator was a program.\n");
  return folder;
}

/**
 * The turns of the only discussion. A person's words are encrypted in the log, so the run's own reader decrypts
 * them.
 */
async function turnsOf(folder: string): Promise<readonly Envelope[]> {
  const { store } = await folderRun(join(folder, "run")).read();
  const [stream] = await Array.fromAsync(store.streams());
  const envelopes = await Array.fromAsync(readStream(store, stream!, nativeSha256));
  return envelopes.filter(({ type }) => type.startsWith("Turn"));
}

function saidIn({ type, data }: Envelope): readonly unknown[] {
  const { text, reason } = data as Readonly<{ text?: string; reason?: string }>;
  return [type, text ?? reason];
}

async function syndisco(...args: readonly string[]): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "--lock=deno.lock", "--frozen", "cli/main.ts", ...args],
    cwd: PROJECT,
    stdout: "null",
  }).output();
  return code;
}

async function agree(page: Page): Promise<void> {
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "Take part", exact: true }).click();
}

async function violations(page: Page): Promise<readonly string[]> {
  // The page's policy forbids other scripts, so the browser's driver runs this one.
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    // deno-lint-ignore no-explicit-any
    (globalThis as any).axe.run({ resultTypes: ["violations"] })
  );
  return found.violations.map(({ id }: { id: string }) => id);
}

withBrowser("a person takes part in a whole run that is killed in between and resumed", async (browser) => {
  const folder = await prepared(experiment(600, 3));
  await using command = new Command(folder);
  const link = await command.link();
  const { page, requests } = await openPage(browser, link, { width: 390 });
  const answers: string[] = [];
  page.on("response", async (response) => answers.push(await response.text().catch(() => "")));
  await page.getByText("You can stop at any time.").waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal(new URL(page.url()).hash, "");
  await page.goto(link.replace(/#t=.*/, "#t=strange"));
  await page.getByText("This link does not work").waitFor();
  await page.goto(link);
  await page.getByText("You can stop at any time.").waitFor();
  assert.equal(await page.getByText("Should the library").count(), 0);
  await agree(page);
  const field = page.getByLabel("Your comment");
  await field.waitFor();
  assert.deepEqual(await violations(page), []);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.deepEqual(await violations(page), []);

  await field.dispatchEvent("paste");
  await field.fill("<think>Pasted</think> Ann: \u202eFirst");
  const other = await browser.newPage();
  await other.goto(link);
  await other.getByLabel("Your comment").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator(".comment.own").waitFor();
  await other.getByText("Go on.").waitFor();
  assert.equal(await other.title(), "● Your turn");
  await other.close();

  await page.getByText("Go on.").waitFor();
  for (const [signal, text] of [["SIGINT", "Second, begun"], ["SIGKILL", "Second, half"]] as const) {
    await field.fill(text);
    // The page shows this only until it connects again, so the test watches it during the restart.
    await Promise.all([
      page.getByText("The connection is lost.").waitFor(),
      command.restartAfter(signal),
    ]);
    assert.equal(await command.link(), link);
    await page.getByText("connected", { exact: true }).waitFor();
    assert.equal(await field.inputValue(), text);
    assert.equal(await page.getByText("This text was not posted").count(), 0);
    await page.reload();
    assert.equal(await field.inputValue(), text);
  }
  await field.fill("a".repeat(20_001));
  await page.getByText("Shorten the comment: at most 20,000 characters are possible.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Send" }).isDisabled(), true);
  await field.fill("Second, whole");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Second, whole").first().waitFor();
  await page.getByRole("button", { name: "Say nothing" }).click();
  await page.getByText("The moderator was a program.").waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal(await command.exitCode(), 0);

  const turns = await turnsOf(folder);
  assert.deepEqual(turns.map(saidIn), [
    ["TurnTaken", "<think>Pasted</think> Ann: \u202eFirst"],
    ["TurnTaken", "Second, whole"],
    ["TurnPassed", "empty"],
  ]);
  assert.deepEqual(turns.map(({ meta }) => meta?.pasted), [true, undefined, undefined]);
  assert.equal(await syndisco("verify", join(folder, "run")), 0);
  assert.equal(await syndisco("replay", join(folder, "run"), "--verify"), 0);

  const token = link.split("#t=")[1]!;
  assert.ok(
    requests.every((address) => address.startsWith("data:") || new URL(address).host === new URL(link).host),
  );
  const seen = answers.join("\n");
  assert.ok(seen.includes("Should the library open at night?"));
  for (
    const hidden of ["hidden attribute", "Hidden instructions", "gentle", "scripted", "Moderator's", token]
  ) {
    assert.ok(!seen.includes(hidden), hidden);
  }
  for await (const { path, isFile } of walk(join(folder, "run"))) {
    if (isFile) assert.ok(!(await Deno.readTextFile(path)).includes(token), path);
  }
  await Deno.remove(folder, { recursive: true });
});

async function* walk(folder: string): AsyncGenerator<{ path: string; isFile: boolean }> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* walk(path);
    else yield { path, isFile };
  }
}

withBrowser(
  "an unanswered question becomes silence, and the page keeps the text that was not sent",
  async (browser) => {
    const folder = await prepared(experiment(8, 2));
    await using command = new Command(folder);
    const { page } = await openPage(browser, await command.link());
    await agree(page);
    const field = page.getByLabel("Your comment");
    await field.fill("Too slow");
    await page.getByText("This text was not posted").waitFor();
    await page.getByText("Too slow").waitFor();
    await field.fill("Too slow again");
    await page.getByText("The discussion is over").waitFor();
    await page.getByText("Too slow again").waitFor();
    assert.equal(await command.exitCode(), 0);
    const turns = await turnsOf(folder);
    assert.deepEqual(turns.map(saidIn), [["TurnPassed", "timed-out"], ["TurnPassed", "timed-out"]]);
    assert.equal(await syndisco("replay", join(folder, "run"), "--verify"), 0);
    await Deno.remove(folder, { recursive: true });
  },
);
