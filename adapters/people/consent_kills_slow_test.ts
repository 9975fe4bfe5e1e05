/**
 * Kills the real command around the consent of people and their first words. A participant and a rater answer over HTTP, as
 * their pages do.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peopleOf } from "../../core/run_log/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";
import { inFolder } from "../testing/in_folder.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

const EXPERIMENT = `
name: killed
seed: 7
models: { person: { adapter: human } }
people: { consent: consent.md, rating: { repeat: 0 } }
participants: { model: person, personas: [{ name: Ann }] }
openings: [{ author: Eve, text: Should the library open at night? }]
discussion: { turns: 3 }
annotation:
  annotators: [{ name: Rita, model: person }]
  scales: { toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is it? } }
`;

/** The text of all files below a folder. Files can appear and disappear meanwhile. */
function textBelow(folder: string): string {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => {
      try {
        return readFileSync(join(folder, name), "utf8");
      } catch {
        return "";
      }
    }).join("\n");
  } catch {
    return "";
  }
}

const agreements = (run: string) => textBelow(run).split('"type":"ConsentGiven"').length - 1;
const hasKeys = (run: string, count: number) => {
  const folder = join(run, "people", "keys");
  return existsSync(folder) && readdirSync(folder).filter((name) => name.endsWith(".json")).length >= count;
};
const ratings = (run: string) => textBelow(join(run, "people", "ratings"));

/** The moments of the kills, in the order in which a run reaches them: what is on the disk by then. */
const MOMENTS: readonly ((run: string) => boolean)[] = [
  () => true,
  (run) => agreements(run) >= 1,
  (run) => hasKeys(run, 1),
  (run) => textBelow(join(run, "discussions")).includes('"sealed":'),
  (run) => agreements(run) >= 2,
  (run) => ratings(run).includes('"drawn"'),
  (run) => hasKeys(run, 2),
  (run) => ratings(run).includes('"box"'),
];

/** One start of the command. */
class Start {
  readonly child: Deno.ChildProcess;
  hasEnded = false;
  readonly #links: string;

  constructor(folder: string) {
    this.#links = join(folder, "links.csv");
    if (existsSync(this.#links)) Deno.removeSync(this.#links);
    this.child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check", "--lock=deno.lock", "--frozen", "cli/main.ts", "run"],
        ...[join(folder, "experiment.yaml"), "--out", join(folder, "run"), "--quiet"],
        ...["--people-links", this.#links],
      ],
      cwd: PROJECT,
      env: { XDG_STATE_HOME: join(folder, "state") },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    void this.child.status.then(() => this.hasEnded = true);
  }

  /** Kills the process as soon as the disk has what a moment needs. */
  async killAt(isReached: () => boolean): Promise<void> {
    while (!this.hasEnded && !isReached()) await new Promise((resolve) => setTimeout(resolve, 1));
    if (!this.hasEnded) this.child.kill("SIGKILL");
    await this.child.status;
  }

  /** The server's answers to a person; `null` if the process has ended. */
  async ask(person: string, path: string, body?: unknown): Promise<Answer | null> {
    while (!this.hasEnded) {
      const text = existsSync(this.#links) ? Deno.readTextFileSync(this.#links) : "";
      const link = new RegExp(`^\\S*${person},\\w+,(http://\\S+?)/(?:rating)?#t=(\\S+)$`, "m").exec(text);
      if (link === null) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        continue;
      }
      try {
        const response = await fetch(`${link[1]}/api/${path}`, {
          method: body === undefined ? "GET" : "POST",
          headers: { Authorization: `Bearer ${link[2]}`, "Content-Type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return await response.json();
      } catch {
        // The process was killed, or ends.
        await this.child.status;
      }
    }
    return null;
  }
}

// deno-lint-ignore no-explicit-any
type Answer = any;

/** Ann and Rita do what comes next until the process ends. Returns what Ann was told is saved. */
async function takePart(start: Start): Promise<readonly string[]> {
  const saved: string[] = [];
  const ann = async () => {
    for (;;) {
      const view = await start.ask("Ann", "seat/news", { seen: null });
      if (view === null || view.phase === "ended") return;
      if (view.phase === "consent") {
        await start.ask("Ann", "seat/consent", { agrees: true, sha256: view.consent.sha256 });
      } else if (view.phase === "asked") {
        const text = `Words after ${view.comments.length} comments.`;
        const answer = { question: view.question.id, text, pasted: false };
        if ((await start.ask("Ann", "seat/answer", answer))?.fate === "saved") saved.push(text);
      } else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const rita = async () => {
    await ann();
    for (;;) {
      const now = await start.ask("Rita", "rating");
      if (now === null || now.progress?.part === "finished") return;
      if (now.standing === "not-asked") {
        await start.ask("Rita", "rating/consent", { agrees: true, sha256: now.consent.sha256 });
      } else if (now.standing !== "agreed") await new Promise((resolve) => setTimeout(resolve, 20));
      else if (now.progress.next < now.progress.to) {
        await start.ask("Rita", `rating/items/${now.progress.next}`, { answers: ["2"] });
      } else await start.ask("Rita", "rating/confirm", {});
    }
  };
  await rita();
  await start.child.status;
  return saved;
}

/** Asserts that nothing of a person is stored whose consent is not in the run's log. */
async function assertConsent(run: string): Promise<void> {
  if (!existsSync(join(run, "manifest.json"))) return;
  const { log, store } = await folderRun(run).read();
  assert.ok(log.kind === "kept");
  const { agreed } = peopleOf(log.log);
  for (const [person, consents] of agreed) assert.equal(consents.length, 1, person);
  for (const person of (await store.keys!.persons()).keys()) {
    assert.ok(agreed.has(person), `key of ${person}`);
  }
  assert.ok(ratings(run) === "" || agreed.has("Rita"), "ratings");
  for await (const stream of store.streams()) {
    for await (const { person } of readStream(store, stream, nativeSha256)) {
      assert.ok(person === undefined || agreed.has(person), `words of ${person}`);
    }
  }
}

Deno.test("kills around the consent of people and their first words lose nothing, and nothing is stored without consent", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "experiment.yaml"), EXPERIMENT);
    await Deno.writeTextFile(join(folder, "consent.md"), "You can stop at any time.\n");
    const run = join(folder, "run");
    const saved = new Set<string>();
    for (const isReached of MOMENTS) {
      const start = new Start(folder);
      const killed = start.killAt(() => existsSync(join(folder, "links.csv")) && isReached(run));
      for (const text of await takePart(start)) saved.add(text);
      await killed;
      assert.equal((await start.child.status).signal, "SIGKILL");
      await assertConsent(run);
    }
    const last = new Start(folder);
    for (const text of await takePart(last)) saved.add(text);
    assert.equal((await last.child.status).code, 0);
    await assertConsent(run);
    const { log, store } = await folderRun(run).read();
    assert.ok(log.kind === "kept");
    assert.deepEqual([...peopleOf(log.log).agreed.values()].map(({ length }) => length), [1, 1]);
    const said: string[] = [];
    const rated: unknown[] = [];
    for await (const stream of store.streams()) {
      for await (const { type, data } of readStream(store, stream, nativeSha256)) {
        if (type === "TurnTaken" && "text" in data) said.push(String(data.text));
        if (type === "CommentAnnotated" && "values" in data) rated.push(data.values);
      }
    }
    assert.deepEqual(said, [1, 2, 3].map((comments) => `Words after ${comments} comments.`));
    for (const text of saved) assert.ok(said.includes(text), text);
    assert.deepEqual(rated, Array(4).fill({ toxicity: 2 }));
  }));
