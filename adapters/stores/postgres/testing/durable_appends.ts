/**
 * Measures durable appends to a new run in a database: each writer appends one event after the other to a
 * discussion of its own.
 *
 *     deno run --allow-all adapters/stores/postgres/testing/durable_appends.ts postgres://HOST/DATABASE/RUN [<seconds>]
 */
import { sampleRun } from "../../../../core/testing/sample_run.ts";
import { parseAddress } from "../address.ts";
import { Connection } from "../connection.ts";
import { postgresRun } from "../postgres_run.ts";

const WRITERS = [1, 64, 512];

/** A comment of usual length: about 600 bytes. */
const LINE = JSON.stringify({ text: "a comment of usual length. ".repeat(20), hash: "0".repeat(64) });

/**
 * Appends for some seconds.
 *
 * @param round A different number for each measurement, as a part of the discussions' names.
 * @returns The result as a line of text.
 */
async function measure(
  append: (stream: string, seq: number) => Promise<void>,
  { writers, seconds, round }: Readonly<{ writers: number; seconds: number; round: string }>,
): Promise<string> {
  const tookMs: number[] = [];
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  await Promise.all(Array.from({ length: writers }, async (_, nth) => {
    for (let seq = 0; performance.now() < endMs; seq++) {
      const beganMs = performance.now();
      await append(`${round}/${nth}`, seq);
      tookMs.push(performance.now() - beganMs);
    }
  }));
  const allMs = performance.now() - startMs;
  tookMs.sort((a, b) => a - b);
  const perSecond = Math.round(tookMs.length / allMs * 1_000);
  const [medianMs, slowestMs] = [tookMs[Math.floor(tookMs.length / 2)], tookMs.at(-1)].map((ms) =>
    ms!.toFixed(1)
  );
  return `${writers} writers: ${perSecond} events/s; an append takes ${medianMs} ms (median), at most ${slowestMs} ms`;
}

const [place, seconds = "10"] = Deno.args;
if (place === undefined) throw new TypeError("Cannot measure: expected the address of a new run");
const run = await postgresRun(place).open(sampleRun());
if (run.resumed) throw new TypeError(`Cannot measure "${place}": there is a run. Give another name`);
const connection = new Connection(parseAddress(place), { max: 1, isKept: false });
const [settings] = await connection.run((sql) =>
  sql`select version(), current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits`
);
const { version, fsync, commits } = settings!;
const print = (line: string) => void Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
print(`${version}\nfsync ${fsync}, synchronous_commit ${commits}, ${seconds} s each`);
if (fsync !== "on") print("Without fsync, these appends are not durable");
const append = (stream: string, seq: number) => run.store.append(stream, seq, [LINE]);
await measure(append, { writers: 64, seconds: 1, round: "warm up" });
for (const writers of WRITERS) {
  print(await measure(append, { writers, seconds: Number(seconds), round: `${writers} writers` }));
}
await run.close();
