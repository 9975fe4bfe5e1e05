/**
 * Starts private PostgreSQL servers for tests. A server ends with the process that started it, also when that is
 * killed.
 */
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const INSTALL = "apt-get install postgresql";

/** The folder in which Debian keeps the programs of PostgreSQL, by version. */
const VERSIONS = "/usr/lib/postgresql";

/** The user who runs a server on Debian if the tests run as root, because a server refuses to run as root. */
const USER = "postgres";

/** The folder of the server's programs; `null` if PostgreSQL is not installed. */
const PROGRAMS: string | null = programs();

/** Why no server can be started, with the command that changes this; `null` if a server can be started. */
export const LACK: string | null = PROGRAMS === null ? `there is no PostgreSQL: ${INSTALL}` : null;

/** The name of a test that needs a server, and whether it is skipped. On CI, the test is never skipped. */
export function needsServer(name: string): Readonly<{ name: string; ignore: boolean }> {
  if (LACK === null) return { name, ignore: false };
  return { name: `${name} (needs: ${LACK})`, ignore: Deno.env.get("CI") !== "true" };
}

/**
 * How a server is stopped: it ends its work (SIGINT), it ends at once and repairs its files at the next start
 * (SIGQUIT), or it dies as it does when its machine crashes (SIGKILL).
 */
export type ServerEnd = "SIGINT" | "SIGQUIT" | "SIGKILL";

/** A running server. */
export type TestServer = Readonly<{
  port: number;
  /** Makes an empty database, and returns its address. */
  makeDatabase: () => Promise<string>;
  /** Stops the server, and keeps its data. */
  stop: (end?: ServerEnd) => Promise<void>;
  /** Starts the server again at the same port. */
  start: () => Promise<void>;
  /** Stops the server for good, and removes its data. */
  [Symbol.asyncDispose]: () => Promise<void>;
}>;

/**
 * Waits for its parent to close stdin or to write a line, stops the server, and removes its folder unless the line
 * says `keep`. A signal to the whole group, such as Ctrl-C, does the same. Without `set -m`, a server that is just
 * starting would ignore SIGQUIT.
 */
const WATCHER = `
set -m
trap : HUP INT TERM
folder=$1; shift
"$@" </dev/null >"$folder/log" 2>&1 &
server=$!
echo "$server"
read -r order
kill -QUIT "$server" 2>/dev/null
wait "$server"
[ "$order" = keep ] || rm -rf "$folder"
`;

const READY_TRIES_MAX = 600;
const READY_RETRY_MS = 50;

/**
 * Makes a cluster in a temporary folder and starts a server for it, without a password, on the loopback address.
 *
 * @param settings Settings of the server, such as `max_connections=20`.
 */
export async function startServer(settings: readonly string[] = []): Promise<TestServer> {
  const folder = await Deno.makeTempDir({ prefix: "postgres-" });
  const data = join(folder, "data");
  if (isRoot()) await checked("chown", [`${USER}:`, folder]);
  const [initdb, ...args] = asUser("initdb", [
    "-D",
    data,
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
  ]);
  await checked(initdb!, args);
  const port = await freePort();
  const commands = asUser("postgres", [
    "-D",
    data,
    "-p",
    String(port),
    ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", ...settings]
      .flatMap((setting) => ["-c", setting]),
  ]);
  let running: Running | null = null;
  const start = async () => {
    running = await run(folder, commands);
    await isReady(port, folder);
  };
  const stop = async (end: ServerEnd = "SIGINT") => {
    await running?.stop(end, true);
    running = null;
  };
  await start();
  let databases = 0;
  return {
    port,
    async makeDatabase() {
      const name = `test_${++databases}`;
      await checked(join(PROGRAMS!, "createdb"), ["-h", "127.0.0.1", "-p", String(port), "-U", USER, name]);
      return `postgres://${USER}@127.0.0.1:${port}/${name}`;
    },
    stop,
    start,
    async [Symbol.asyncDispose]() {
      await running?.stop("SIGINT", false);
      await Deno.remove(folder, { recursive: true }).catch(() => {});
    },
  };
}

type Running = Readonly<{ stop: (end: ServerEnd, keep: boolean) => Promise<void> }>;

async function run(folder: string, commands: readonly string[]): Promise<Running> {
  const watcher = new Deno.Command("sh", {
    args: ["-c", WATCHER, "sh", folder, ...commands],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    cwd: "/",
  }).spawn();
  const reader = watcher.stdout.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  watcher.unref();
  const server = Number(new TextDecoder().decode(value));
  const writer = watcher.stdin.getWriter();
  return {
    async stop(end, keep) {
      Deno.kill(server, end);
      if (end !== "SIGKILL") await isGone(server);
      await writer.write(new TextEncoder().encode(keep ? "keep\n" : "remove\n"));
      await writer.close();
      await isGone(watcher.pid);
    },
  };
}

async function isGone(process: number): Promise<void> {
  for (let tries = 0; tries < READY_TRIES_MAX; tries++) {
    // A process that has ended keeps its number until the watcher has read its exit status.
    const state = await Deno.readTextFile(`/proc/${process}/stat`).catch(() => "Z");
    if (/^(?:\d+ \(.*\) )?Z/.test(state)) return;
    await pause();
  }
  throw new Error(`Cannot stop the server: the process ${process} does not end`);
}

async function isReady(port: number, folder: string): Promise<void> {
  for (let tries = 0; tries < READY_TRIES_MAX; tries++) {
    const { success } = await new Deno.Command(join(PROGRAMS!, "pg_isready"), {
      args: ["-q", "-h", "127.0.0.1", "-p", String(port)],
    }).output();
    if (success) return;
    await pause();
  }
  throw new Error(`Cannot start the server: ${await Deno.readTextFile(join(folder, "log"))}`);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, READY_RETRY_MS));
}

function programs(): string | null {
  if (!existsSync(VERSIONS)) return null;
  const versions = [...Deno.readDirSync(VERSIONS)].map(({ name }) => name)
    .filter((name) => existsSync(join(VERSIONS, name, "bin", "initdb")))
    .sort((one, other) => Number(other) - Number(one));
  return versions.length === 0 ? null : join(VERSIONS, versions[0]!, "bin");
}

function isRoot(): boolean {
  return Deno.uid() === 0;
}

function asUser(program: string, args: readonly string[]): readonly string[] {
  const command = [join(PROGRAMS!, program), ...args];
  return isRoot() ? ["setpriv", `--reuid=${USER}`, `--regid=${USER}`, "--init-groups", ...command] : command;
}

async function checked(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args], cwd: "/", stdout: "null" })
    .output();
  if (!success) throw new Error(`Cannot run ${program}: ${new TextDecoder().decode(stderr)}`);
}

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
  return await promise;
}
