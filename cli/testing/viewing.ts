/** For tests: runs `view` in a separate process, and sends questions to its server. */
import assert from "node:assert/strict";
import type { Notice, RunOverview } from "../../adapters/viewer/api.ts";
import { type Ended, startProgram } from "./processes.ts";

/** A viewer that serves its page. */
export type Viewing = Readonly<{
  port: number;
  token: string;
  /** What the process has printed to `stderr` so far. */
  printed: () => string;
  /**
   * Asks a question of `ViewerSource`.
   *
   * @param given Its arguments by name.
   */
  // deno-lint-ignore no-explicit-any -- tests look into answers of many shapes
  ask: (question: string, given?: object) => Promise<any>;
  /** Sends a request with the token. */
  request: (path: string, init?: RequestInit) => Promise<Response>;
  /** Reads the notices until the signal is aborted or the server ends. */
  follow: (signal: AbortSignal) => AsyncGenerator<readonly Notice[]>;
  /** Ends the process with a signal. Default: Ctrl-C. */
  stop: (signal?: Deno.Signal) => Promise<Pick<Ended, "code" | "signal">>;
}>;

const LINK = /^http:\/\/127\.0\.0\.1:(\d+)\/#t=([\w-]+)\n/;

/** Starts `view` and waits for the link. */
export async function startView(
  args: readonly string[],
  options: Parameters<typeof startProgram>[1] = {},
): Promise<Viewing> {
  const child = startProgram(["view", ...args], options);
  let stderr = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) stderr += text;
  })();
  let stdout = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += text;
    if (LINK.test(stdout)) break;
  }
  const [, port, token] = LINK.exec(stdout) ?? assert.fail(`${stdout}${stderr}`);
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/${path}`, {
      ...init,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...init.headers },
    });
  return {
    port: Number(port),
    token: token!,
    printed: () => stderr,
    request,
    async ask(question, given = {}) {
      const response = await request(`api/${question}`, { method: "POST", body: JSON.stringify(given) });
      const answer = await response.json();
      assert.equal(response.status, 200, JSON.stringify(answer));
      return answer;
    },
    async *follow(signal) {
      const response = await request("api/follow", { signal });
      let text = "";
      try {
        for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
          text += piece;
          const messages = text.split("\n\n");
          text = messages.pop()!;
          for (const message of messages) {
            const data = /^data: (.*)$/m.exec(message)?.[1];
            if (data !== undefined) yield JSON.parse(data);
          }
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async stop(signal = "SIGINT") {
      child.kill(signal);
      const { code, signal: killedBy } = await child.status;
      await reading;
      return { code, signal: killedBy };
    },
  };
}

/** Waits until the overview of the only run fulfils a condition. Asks for the overview after each notice. */
export async function until(
  { ask, follow }: Viewing,
  isReached: (overview: RunOverview | undefined) => boolean,
): Promise<void> {
  const ended = new AbortController();
  for await (const _ of follow(ended.signal)) {
    if (!isReached((await ask("overview")).runs[0])) continue;
    ended.abort();
  }
}

/** How many discussions have a status. */
export const countOf = (overview: RunOverview | undefined, status: string) =>
  (overview?.conditions ?? []).reduce((sum, { counts }) => sum + (counts[status] ?? 0), 0);
