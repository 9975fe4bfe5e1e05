/** Opens the rating page in a browser, with a real desk and a real server, for tests. */
import type { Browser } from "npm:playwright-core@1.65.1";
import type { Scale } from "../../../core/annotation/scales/mod.ts";
import { PLAIN_RATING, ratedRun } from "../../../core/rating/testing/mod.ts";
import { consentsOf } from "../../../core/people/mod.ts";
import { RatingDesk } from "../../../core/rating/mod.ts";
import { fixedClock, type RunWriter } from "../../../core/ports/mod.ts";
import type { PeopleText, RatingSettings } from "../../../core/experiment/mod.ts";
import { portableSha256 } from "../../../core/sha256.ts";
import { passWith } from "../../../core/testing/mod.ts";
import { type OpenedPage, openPage, type View } from "../../report/testing/browser.ts";
import { guardedApp, holdersByToken } from "../../viewer/server/access.ts";
import { pageRoutes } from "../../viewer/server/page_files.ts";
import { linkTo, serve, type Served } from "../../viewer/server/serve.ts";
import { builtBundles } from "../../viewer/testing/opened_viewer.ts";
import { systemClock } from "../../system.ts";
import { Changes } from "../changes.ts";
import { Presence } from "../presence.ts";
import { ratingRoutes } from "../rating_routes.ts";

/** The pass of a test, and its texts. */
export type RatingSketch = Readonly<{
  discussions?: readonly string[];
  scales?: readonly Scale[];
  settings?: Partial<RatingSettings>;
  consent?: PeopleText | null;
  debriefing?: string | null;
  /** The run and the port of a server that has ended, to start it again; by default a new run and a free port. */
  again?: Readonly<{ run: RunWriter; port: number }>;
}>;

/** A server of the rating page. The token of a rater is the rater's name. */
export type RatingServer =
  & Served
  & Readonly<{
    desk: RatingDesk;
    run: RunWriter;
    /** Withdraws a person as the command `withdraw` does, and tells all pages to look again. */
    withdraw: (person: string) => Promise<void>;
  }>;

/** Starts a server for the raters Rita and Sam. */
export async function startRating(sketch: RatingSketch = {}): Promise<RatingServer> {
  const { discussions = ["calm.r1", "loud.r1"], scales, settings, consent = null, debriefing = null, again } =
    sketch;
  const run = again?.run ?? await ratedRun(discussions);
  const plain = passWith();
  const design = scales === undefined ? plain : { ...plain, codebook: { ...plain.codebook, scales } };
  const desk = await RatingDesk.open({
    design,
    raters: ["Rita", "Sam"],
    settings: { ...PLAIN_RATING, ...settings },
    run,
    streams: run.store.streams(),
    sha256: portableSha256,
    now: Date.now,
  });
  const consents = consentsOf(run, { consent }, fixedClock());
  const changes = new Changes();
  const ending = new AbortController();
  const app = guardedApp({ holderOf: holdersByToken(desk.raters.map((rater) => [rater, rater] as const)) });
  app.route(
    "/api/rating",
    ratingRoutes({
      desk: () => desk,
      consents,
      debriefing,
      raterOf: (holder: string) => holder,
      changes,
      presence: new Presence(systemClock),
      start: "start",
      signal: ending.signal,
    }),
  );
  app.route("/", await pageRoutes({ bundle: "rating", title: "Rating", folder: await builtBundles() }));
  const served = serve(app, again?.port ?? 0);
  return {
    ...served,
    desk,
    run,
    async withdraw(person) {
      await run.store.keys!.withdraw(person);
      changes.tellAll();
    },
    async close() {
      ending.abort();
      await served.close();
    },
  };
}

/** Opens the page of a rater. */
export async function openRating(
  browser: Browser,
  { port }: Pick<Served, "port">,
  { rater = "Rita", ...view }: View & Readonly<{ rater?: string }> = {},
): Promise<OpenedPage> {
  return await openPage(browser, linkTo(port, rater), view);
}
