import assert from "node:assert/strict";
import type { DiscussionEvent } from "../events/mod.ts";
import { moderationSchedules } from "../moderation/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { designWith, moderatorWith, storeHolding, undisturbed } from "../testing/mod.ts";
import { readStream } from "./stream.ts";
import { type SentRequest, sentRequests } from "./sent_requests.ts";

const EVENTS = undisturbed(designWith({ moderator: moderatorWith(), turns: 5 }));

async function requestsOf(
  events: readonly DiscussionEvent[],
  schedules = moderationSchedules(),
): Promise<readonly SentRequest[]> {
  const log = readStream(await storeHolding("d1", events), "d1", portableSha256);
  return await Array.fromAsync(sentRequests(log, { sha256: portableSha256, schedules }));
}

const checksOf = (requests: readonly SentRequest[]) =>
  requests.map(({ prompt }) => "unknown" in prompt ? prompt.unknown : prompt.check);

Deno.test("sentRequests() renders every prompt of a log as it was sent", async () => {
  const requests = await requestsOf(EVENTS);
  // Five turns, and a moderator after each of them.
  assert.deepEqual(checksOf(requests), new Array(10).fill("same"));
  assert.deepEqual(requests.slice(0, 2).map(({ role, speaker }) => [role, speaker]), [
    ["participant", "Ann"],
    ["moderator", "Mod"],
  ]);
});

Deno.test("sentRequests() renders only the wanted prompts, each as it was sent", async () => {
  const all = await requestsOf(EVENTS);
  const log = readStream(await storeHolding("d1", EVENTS), "d1", portableSha256);
  const only = new Set([all[3]!.envelope.seq, all[8]!.envelope.seq]);
  const wanted = sentRequests(log, { sha256: portableSha256, schedules: moderationSchedules(), only });
  assert.deepEqual(await Array.fromAsync(wanted), [all[3], all[8]]);
});

Deno.test("for copied events, sentRequests() names the log that has the prompts, and the run of that log if it is known", async () => {
  for (
    const [run, origin] of [[undefined, "the discussion d0"], [
      "r0",
      "the discussion d0 of the run r0",
    ]] as const
  ) {
    const forkedFrom = { stream: "d0", seq: 1, events: 1, ...(run === undefined ? {} : { run }) };
    const events = undisturbed(designWith({ moderator: null, turns: 2, openings: [] }));
    const [opened, ...others] = events;
    const design = { ...(opened as Extract<DiscussionEvent, { type: "DiscussionOpened" }>).data, forkedFrom };
    const requests = await requestsOf([{ type: "DiscussionOpened", data: design }, ...others]);
    assert.equal(
      checksOf(requests)[0],
      `the event was copied from ${origin}, whose log has the prompt`,
    );
  }
});

Deno.test("sentRequests() needs no code of a schedule, whether or not it offers silence", async () => {
  for (const name of ["every-turn", "on-demand"]) {
    const moderator = moderatorWith({ schedule: { name, options: {} } });
    const requests = await requestsOf(undisturbed(designWith({ moderator })), new Map());
    assert.deepEqual([...new Set(checksOf(requests))], ["same"]);
  }
});

Deno.test("sentRequests() finds prompts that differ from the log after a comment was changed", async () => {
  const seq = EVENTS.findIndex(({ type }) => type === "TurnTaken");
  const { type, data } = EVENTS[seq]!;
  const changed = EVENTS.with(seq, { type, data: { ...data, text: "Else." } } as DiscussionEvent);
  const checks = checksOf(await requestsOf(changed));
  // The second prompt shows the comment. The last prompts do not, because a prompt shows three comments.
  assert.deepEqual([checks[0], checks[1], checks.at(-1)], ["same", "different", "same"]);
});
