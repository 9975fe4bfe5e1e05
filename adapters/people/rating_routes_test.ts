/** The routes of raters, with requests as pages and other programs send them. */
import assert from "node:assert/strict";
import { consentsOf } from "../../core/people/mod.ts";
import { fixedClock, type ModelRequest } from "../../core/ports/mod.ts";
import { RatingDesk } from "../../core/rating/mod.ts";
import { PLAIN_RATING, ratedRun } from "../../core/rating/testing/mod.ts";
import { portableSha256 } from "../../core/sha256.ts";
import { passWith } from "../../core/testing/mod.ts";
import { guardedApp, holdersByToken } from "../viewer/server/access.ts";
import { askRater } from "./ask_rater.ts";
import { Changes } from "./changes.ts";
import { raterTopic } from "./persons.ts";
import { Presence } from "./presence.ts";
import { ratingRoutes } from "./rating_routes.ts";

const CONSENT = { file: "consent.md", text: "I agree.", sha256: "a".repeat(64) };
const NEVER = new AbortController().signal;

/** The routes of the raters Rita and Sam, and the question of the engine about a comment. */
async function opened() {
  const run = await ratedRun(["calm.r1"]);
  const design = passWith();
  const desk = await RatingDesk.open({
    design,
    raters: ["Rita", "Sam"],
    settings: PLAIN_RATING,
    run,
    streams: run.store.streams(),
    sha256: portableSha256,
    now: () => 0,
  });
  const consents = consentsOf(run, { consent: CONSENT }, fixedClock());
  const app = guardedApp({ holderOf: holdersByToken(desk.raters.map((rater) => [rater, rater] as const)) });
  const refused: string[] = [];
  const changes = new Changes();
  app.route(
    "/api/rating",
    ratingRoutes({
      desk: () => desk,
      consents,
      debriefing: null,
      raterOf: (rater: string) => rater,
      onRefusal: (rater) => void refused.push(rater),
      changes,
      presence: new Presence({ ...fixedClock(), sleep: () => Promise.resolve() }),
      start: "s",
      signal: NEVER,
    }),
  );
  const post = async (rater: string, path: string, body: unknown) => {
    const response = await app.request(`/api/rating/${path}`, {
      method: "POST",
      headers: { Host: "127.0.0.1", Authorization: `Bearer ${rater}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const decide = (rater: string, agrees: boolean) =>
    post(rater, "consent", { agrees, sha256: CONSENT.sha256 });
  const [scale] = design.codebook.scales;
  const question: ModelRequest = {
    messages: [],
    sampling: {},
    seed: 1,
    origin: { discussion: "calm.r1", turn: 0, speaker: "Rita", role: "annotator" },
    situation: () => ({
      kind: "annotation",
      comment: { comment: 0, author: "Ann", text: "Hello" },
      before: [],
      scales: [scale!],
      attempt: 1,
    }),
  };
  return { run, desk, changes, post, decide, refused, ask: () => askRater(question, desk, NEVER) };
}

Deno.test("a rater who refuses and then agrees gives every rating, because the pass waits", async () => {
  const { desk, post, decide, refused, ask } = await opened();
  await decide("Rita", false);
  await decide("Rita", false);
  assert.deepEqual(refused, ["Rita"]);
  const reply = ask();
  assert.equal((await post("Rita", "items/0", { answers: ["2", "no"] })).status, 409);
  assert.equal((await decide("Rita", true)).status, 200);
  await desk.begin("Rita");
  const { to } = desk.progress("Rita");
  for (let place = 0; place < to; place++) {
    assert.equal((await post("Rita", `items/${place}`, { answers: ["2", "no"] })).status, 200);
  }
  await post("Rita", "confirm", {});
  assert.deepEqual(await reply, { text: "2", finishReason: "sent" });
});

Deno.test("a rater who refused and is withdrawn by the researcher gives no value, and cannot agree any more", async () => {
  const { run, desk, decide, ask } = await opened();
  await decide("Rita", false);
  const reply = ask();
  await run.store.keys!.withdraw("Rita");
  desk.withdrew("Rita");
  assert.deepEqual(await reply, { text: "", finishReason: "declined" });
  assert.equal((await decide("Rita", true)).status, 410);
});

Deno.test("the news wait until a rater's standing changes, and count the comments that were withdrawn", async () => {
  const { run, desk, changes, post, decide } = await opened();
  const news = async (seen: string | null, place: number | null = null) =>
    (await post("Rita", "news", { seen, place })).body;
  const before = await news(null);
  assert.equal(before.standing, "not-asked");
  const waiting = news(before.version);
  await decide("Rita", true);
  const agreed = await waiting;
  assert.equal(agreed.standing, "agreed");
  await desk.begin("Rita");
  for (const place of [0, 1, 2]) await desk.rate("Rita", place, ["2", "no"]);
  const withdrawnAt3 = async () => (await news(null, 3)).withdrawn;
  assert.equal(await withdrawnAt3(), 0);
  for (const author of ["Ann", "Bob", "Mod"]) await run.store.keys!.withdraw(`calm.r1/${author}`);
  // The pass shows the two comments before the one to rate.
  assert.equal(await withdrawnAt3(), 3);
  const last = news(agreed.version);
  await run.store.keys!.withdraw("Rita");
  changes.tell(raterTopic("Rita"));
  assert.deepEqual([(await last).standing, (await last).withdrawn], ["withdrew", 0]);
});
