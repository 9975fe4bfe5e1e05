/** Runs the program for tests: as a separate process, or in the process of the tests. */
import { fileURLToPath } from "node:url";
import { nativeSha256 } from "../../adapters/system.ts";
import { folderRun } from "../../adapters/stores/mod.ts";
import { readStream } from "../../core/engine/mod.ts";
import type { RunHome } from "../../core/ports/mod.ts";
import { main } from "../main.ts";
import { memorySink } from "../terminal/text_sink.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** The configuration folder of the tests, so that they do not change the user's own list of trusted code. */
const CONFIG_FOLDER = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(CONFIG_FOLDER, { recursive: true }));

/** The option for the lock file. Without it, each start of Deno takes half a second longer. */
export const LOCK = `--lock=${fileURLToPath(new URL("../../deno.lock", import.meta.url))}`;

/** After this time, in milliseconds, a process is killed, so that its test fails instead of hanging. */
const PROCESS_MS_MAX = 60_000;

export type Ended = Readonly<{ code: number; signal: string | null; stdout: string; stderr: string }>;

type ProcessOptions = Readonly<{ env?: Readonly<Record<string, string>>; cwd?: string }>;

export function startProgram(args: readonly string[], options: ProcessOptions = {}): Deno.ChildProcess {
  const env = { ...(args[0] === "view" ? cacheIn(CONFIG_FOLDER) : {}), ...options.env };
  return startCommand(commandOf(args), { ...options, env });
}

/**
 * Variables that move the program's cache, so that a test does not change the user's indexes. Deno's cache
 * stays where it is.
 */
export function cacheIn(folder: string): Readonly<Record<string, string>> {
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  return { XDG_CACHE_HOME: folder, DENO_DIR: denoDir };
}

function commandOf(args: readonly string[]): string[] {
  return [Deno.execPath(), "run", LOCK, "--no-prompt", "-A", MAIN, ...args];
}

function startCommand([program, ...args]: readonly string[], options: ProcessOptions): Deno.ChildProcess {
  return new Deno.Command(program!, {
    args,
    env: { NO_COLOR: "1", XDG_CONFIG_HOME: CONFIG_FOLDER, ...options.env },
    cwd: options.cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

export async function ended(child: Deno.ChildProcess, msMax: number = PROCESS_MS_MAX): Promise<Ended> {
  const timer = setTimeout(() => child.kill("SIGKILL"), msMax);
  const { code, signal, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  return { code, signal, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A program that ends before it was signalled is started again, at most this many times in all. */
const STARTS_MAX = 20;

/**
 * Sends a signal to a program at a moment when something is true. The program stands still while the test looks, so
 * it cannot go on between the look and the signal.
 *
 * @param start Starts the program. If the program ends before the test sees that `isTrue`, it is started again.
 */
export async function signalledWhile(
  isTrue: () => boolean,
  signal: Deno.Signal,
  start: () => Promise<Deno.ChildProcess>,
): Promise<Ended> {
  const all: Ended[] = [];
  while (all.length < STARTS_MAX) {
    const child = await start();
    let hasEnded = false;
    const end = ended(child).finally(() => hasEnded = true);
    const send = (one: Deno.Signal) => {
      if (!hasEnded) child.kill(one);
    };
    while (!hasEnded) {
      send("SIGSTOP");
      while (!hasEnded && !standsStill(child.pid)) await pause();
      const isSeen = !hasEnded && isTrue();
      if (isSeen) send(signal);
      send("SIGCONT");
      if (isSeen) return await end;
      await pause();
    }
    all.push(await end);
  }
  throw new Error(`The program always ended before the signal: ${JSON.stringify(all.at(-1))}`);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Whether all threads of a process have stopped. Signals reach a process some time after they are sent. */
function standsStill(pid: number): boolean {
  if (Deno.build.os !== "linux") return true;
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].every(({ name }) =>
      /\) T [^)]*$/.test(Deno.readTextFileSync(`/proc/${pid}/task/${name}/stat`))
    );
  } catch {
    // The process has ended.
    return false;
  }
}

/** Ends a program that serves until Ctrl-C, as soon as it has printed a line. */
export async function stoppedAfterLine(child: Deno.ChildProcess): Promise<Ended> {
  const timer = setTimeout(() => child.kill("SIGKILL"), PROCESS_MS_MAX);
  const errors = new Response(child.stderr).text();
  let stdout = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    stdout += text;
    if (text.includes("\n")) child.kill("SIGINT");
  }
  const { code, signal } = await child.status;
  clearTimeout(timer);
  return { code, signal, stdout, stderr: await errors };
}

/** Root may write everywhere. Without these capabilities, root may only do what the permissions of files allow. */
const UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];

/** Runs the program so that the permissions of files count, even for root. */
export async function runUnprivileged(
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<Ended> {
  const command = [...Deno.uid() === 0 ? UNPRIVILEGED : [], ...commandOf(args)];
  return await ended(startCommand(command, options));
}

export async function runProgram(args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  return await ended(startProgram(args, options));
}

/** The logs of a run: stream → `type` and `data` of its events, as JSON lines. */
export async function logsOf(
  home: Pick<RunHome, "read">,
  leftOut: ReadonlySet<string> = new Set(),
): Promise<Map<string, string>> {
  const { store } = await home.read();
  const logs = new Map<string, string>();
  for await (const stream of store.streams()) {
    let text = "";
    for await (const { type, data } of readStream(store, stream, nativeSha256)) {
      if (!leftOut.has(type)) text += `${JSON.stringify({ type, data })}\n`;
    }
    logs.set(stream, text);
  }
  return new Map([...logs].sort(([a], [b]) => a < b ? -1 : 1));
}

/** Events of failed requests. Their number depends on the server. */
const FAILED_REQUESTS = new Set(["GenerationFailed", "AnnotationFailed"]);

/** The logs of a run without failed requests: what must be the same after a repetition. */
export async function contentsOfRun(folder: string): Promise<Map<string, string>> {
  return await logsOf(folderRun(folder), FAILED_REQUESTS);
}

/**
 * Runs the program in this process.
 *
 * @param args Relative paths begin at the tests' working folder.
 */
export async function runHere(
  ...args: readonly string[]
): Promise<Pick<Ended, "code" | "stdout" | "stderr">> {
  const [stdout, stderr] = [memorySink(), memorySink()];
  const code = await main(args, { stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}
