import assert from "node:assert/strict";
import { inFolder } from "../testing/in_folder.ts";
import { eventsOfRun, imported } from "./testing/importing.ts";

/** A table with the interleaved rows of many discussions. */
function mixed(discussions: number, comments: number): string {
  let table = "conversation_id,speaker,text,timestamp\n";
  for (let at = 0; at < comments; at++) {
    for (let id = 0; id < discussions; id++) table += `c${id},u${at % 3},comment ${at},${comments - at}\n`;
  }
  return table;
}

const KILLS = 3;

Deno.test("importDiscussions() leaves only complete discussions when it is killed, and resumes", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/t.csv`, mixed(1200, 2));
    const main = new URL("../../cli/main.ts", import.meta.url).pathname;
    let killed = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", main, "import", `${folder}/t.csv`, "--out", `${folder}/run`],
        stdout: "null",
        stderr: "null",
      }).spawn();
      // Kills the import after its first write, each time a little later.
      const begun = () => countFiles(`${folder}/run/discussions`) > killed;
      while (!begun() && await Promise.race([child.status.then(() => false), pause(5).then(() => true)]));
      await pause(kill);
      try {
        child.kill("SIGKILL");
      } catch {
        // It has already ended.
      }
      await child.status;
      killed = countFiles(`${folder}/run/discussions`);
      for (const events of (await eventsOfRun(`${folder}/run`)).values()) {
        assert.deepEqual(events.map(({ type }) => type), [
          "DiscussionOpened",
          "TurnTaken",
          "TurnTaken",
          "DiscussionCompleted",
        ]);
      }
    }
    const { outcome } = await imported([`${folder}/t.csv`], `${folder}/run`);
    assert.equal(outcome.discussions + outcome.alreadyThere, 1200);
    assert.ok(outcome.alreadyThere > 0);
    assert.equal((await eventsOfRun(`${folder}/run`)).size, 1200);
    assert.equal([...Deno.readDirSync(`${folder}/run/discussions`)].length, 1200);
  }));

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function countFiles(folder: string): number {
  try {
    return [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".jsonl")).length;
  } catch {
    return 0;
  }
}
