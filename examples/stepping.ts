// deno-lint-ignore-file no-console
/** Steps through one discussion, stops it early, and branches it. */
import { forkDiscussion, loadExperiment, openDiscussion } from "../mod.ts";

const loaded = await loadExperiment(new URL("extended.yaml", import.meta.url).pathname);
const { discussion, environment, close } = await openDiscussion(loaded, 0);

for await (const event of discussion) {
  if (event.type === "TurnTaken") console.log(`${event.data.participant}: ${event.data.text}`);
  if (discussion.state.comments >= 4) await discussion.stop("four comments are enough");
}

// The branch has the same first three events, and then a longer memory.
const branch = await forkDiscussion(
  discussion.id,
  { id: `${discussion.id}.longer-memory`, seq: 2, changes: { history: 10 } },
  environment,
);
for await (const event of branch) console.log(event.type);
await close();
