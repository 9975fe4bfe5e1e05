/**
 * Measures the index on a run: the time until the list can be used, the time until all logs are indexed, and
 * the times of searches. Start it again to measure a start with an existing index.
 *
 *     deno run --allow-all adapters/viewer/index/testing/measure_index.ts <run> <folder of the index>
 */
import process from "node:process";
import { folderRun } from "../../../stores/mod.ts";
import { WorkerIndex } from "../worker_index.ts";

const SEARCHES = ["w77", "w1", '"w1 w2"', "w19*", "公共汽车", "京都", "รถเมล์", "nosuch"];

const [run, folder] = Deno.args;
if (run === undefined || folder === undefined) {
  throw new TypeError("Cannot measure: expected a run and a folder");
}

const start = { cpu: process.cpuUsage(), ms: performance.now() };

function print(what: string, since: typeof start): void {
  const { user, system } = process.cpuUsage(since.cpu);
  const wall = ((performance.now() - since.ms) / 1000).toFixed(2);
  const text = `${what}: ${wall} s, ${((user + system) / 1e6).toFixed(2)} s of processor time, ` +
    `${Math.round(Deno.memoryUsage().rss / 1e6)} MB`;
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const index = new WorkerIndex(folder);
let isListed = false;
index.follow(() => {
  if (isListed) return;
  isListed = true;
  print("the list can be used", start);
});
await index.open("run", await folderRun(run).read());
print("all logs are indexed", start);
for (const text of SEARCHES) {
  for (const what of ["first search for", "again"]) {
    const since = { cpu: process.cpuUsage(), ms: performance.now() };
    const { total, problem } = await index.search({ text }, AbortSignal.timeout(60_000));
    print(`${what} ${text} (${total} matches${problem === null ? "" : `; ${problem}`})`, since);
  }
}
for (const query of [{}, { sort: "comments" }, { condition: ["calm"], name: "9" }]) {
  const since = { cpu: process.cpuUsage(), ms: performance.now() };
  await index.list(query);
  print(`list ${JSON.stringify(query)}`, since);
}
const since = { cpu: process.cpuUsage(), ms: performance.now() };
await index.overview();
print("overview", since);
await index.close();
