/**
 * A program that queries a run, and prints the most resident memory that the program had, in bytes. Its argument is the
 * run's folder.
 */
import { inFolder } from "../../testing/in_folder.ts";
import { folderRun } from "../../stores/mod.ts";
import { RunTables } from "../run_tables.ts";

const QUESTION = `SELECT author, count(*), avg(length(text)), sum(completion_tokens), max(position)
  FROM comments GROUP BY author ORDER BY author`;

await inFolder(async (folder) => {
  const runs = new Map([["many", await folderRun(Deno.args[0]!).read()]]);
  using tables = await RunTables.open(runs, {
    folder,
    onDamage(damage) {
      throw damage;
    },
  });
  await tables.shutIn();
  await tables.rows(QUESTION, 100);
});
const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await Deno.readTextFile("/proc/self/status"))!;
await Deno.stdout.write(new TextEncoder().encode(String(Number(kilobytes) * 1024)));
