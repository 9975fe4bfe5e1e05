// deno-lint-ignore-file no-console
/** One discussion, stepped through by hand: stopped early by one's own rule, and branched. */
import { forkDiscussion, holdDiscussion, loadExperiment } from "../mod.ts";

const loaded = await loadExperiment(new URL("extended.yaml", import.meta.url).pathname);
const { discussion, environment, close } = await holdDiscussion(loaded, 0);

for await (const event of discussion) {
  if (event.type === "TurnTaken") console.log(`${event.data.participant}: ${event.data.text}`);
  if (discussion.state.comments >= 4) await discussion.stop("four comments are enough");
}

// The same beginning, but from the third event on with a longer memory.
const branch = await forkDiscussion(
  discussion.id,
  { id: `${discussion.id}.longer-memory`, seq: 2, changes: { history: 10 } },
  environment,
);
for await (const event of branch) console.log(event.type);
await close();
