/** A run of the real command in which a participant and a rater answer over HTTP, as their pages do. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));

/** Ann takes part in one discussion, and Rita rates its four comments. */
export const EXPERIMENT = `
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

/** One start of the command. */
export class Start {
  readonly child: Deno.ChildProcess;
  hasEnded = false;
  readonly #links: string;

  /** @param place The options that say where the run is. */
  constructor(folder: string, place: readonly string[]) {
    this.#links = join(folder, "links.csv");
    if (existsSync(this.#links)) Deno.removeSync(this.#links);
    this.child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check", `--lock=${join(PROJECT, "deno.lock")}`, "--frozen"],
        ...[join(PROJECT, "cli/main.ts"), "run", join(folder, "experiment.yaml"), ...place, "--quiet"],
        ...["--people-links", this.#links],
      ],
      cwd: folder,
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

/** Ann and Rita do what comes next until the process ends. Returns Ann's texts that the server reported as saved. */
export async function takePart(start: Start): Promise<readonly string[]> {
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
