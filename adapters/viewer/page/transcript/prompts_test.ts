import assert from "node:assert/strict";
import type { Envelope } from "../../../../core/events/mod.ts";
import { readStream } from "../../../../core/engine/stream.ts";
import { portableSha256 } from "../../../../core/sha256.ts";
import { designWith, moderatorWith, storeHolding, undisturbed } from "../../../../core/testing/mod.ts";
import { changesOf, foldedChanges, promptOf } from "./prompts.ts";

const EVENTS: readonly Envelope[] = await Array.fromAsync(
  readStream(
    await storeHolding(
      "d1",
      undisturbed(designWith({ moderator: moderatorWith(), turns: 5, history: null })),
    ),
    "d1",
    portableSha256,
  ),
);

const turnsOf = (participant: string) =>
  EVENTS.filter(({ data }) => "participant" in data && data.participant === participant).map(({ seq }) =>
    seq
  );

Deno.test("promptOf() gives the prompt with the logged hash, and the speaker's last prompt", async () => {
  const [first, second] = turnsOf("Ann");
  const view = (await promptOf(EVENTS, second!))!;
  assert.equal("check" in view.request.prompt && view.request.prompt.check, "same");
  assert.equal(view.last?.envelope.seq, first);
  assert.equal((await promptOf(EVENTS, first!))!.last, null);
});

Deno.test("promptOf() gives nothing for an opening, for which no model was asked", async () => {
  assert.equal(await promptOf(EVENTS, 1), null);
});

Deno.test("changesOf() shows the comments that a speaker had not seen before", async () => {
  const [, second] = turnsOf("Ann");
  const lines = changesOf((await promptOf(EVENTS, second!))!)!;
  const added = lines.filter(({ change }) => change === "added").map(({ parts }) => parts[0]!.text).join(
    "\n",
  );
  const said = (seq: number) => (EVENTS[seq]!.data as { text: string }).text;
  for (const seq of turnsOf("Bob").slice(0, 1)) assert.ok(added.includes(said(seq)), added);
  assert.ok(!added.includes("Should buses run at night?"));
});

Deno.test("foldedChanges() folds equal lines that are far from any change", () => {
  const line = (change: "same" | "added", text: string) => ({ change, parts: [{ text, isChanged: false }] });
  const lines = ["a", "b", "c", "d"].map((text) => line("same", text));
  const blocks = foldedChanges([...lines, line("added", "new"), line("same", "e")], 1);
  assert.deepEqual(
    blocks.map(({ isFolded, lines }) => [isFolded, lines.map(({ parts }) => parts[0]!.text)]),
    [
      [true, ["a", "b", "c"]],
      [false, ["d", "new", "e"]],
    ],
  );
});
