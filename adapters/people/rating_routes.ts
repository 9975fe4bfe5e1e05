/**
 * Answers the requests of the rating page. The answers contain the rater's own items, answers and progress, and nothing
 * else: no prompt, model, condition, name or role, and no value of another annotator.
 */
import { Hono } from "npm:hono@4.13.19";
import { z } from "../../core/zod.ts";
import type { Consents } from "../../core/people/mod.ts";
import { RaterWithdrew, type RatingDesk, RatingRefused } from "../../core/rating/mod.ts";
import { type Access, refusal } from "../viewer/server/access.ts";
import type { Changes } from "./changes.ts";
import { newsAfter, seenSchema } from "./news.ts";
import { raterTopic } from "./persons.ts";
import type { Presence } from "./presence.ts";
import { type RatingNews, withdrawnIn } from "./rating_news.ts";
import { WITHDRAWN_STATUS } from "./withdrawn_status.ts";

const SCALES_MAX = 50;

const answersSchema = z.strictObject({
  answers: z.array(z.string().nullable()).max(SCALES_MAX),
});

const newsSchema = z.strictObject({ seen: seenSchema, place: z.int().nonnegative().nullable() });

const WITHDRAWN = "You have withdrawn";

const consentSchema = z.strictObject({ agrees: z.boolean(), sha256: z.string().max(64) });

/** The parts of the desk that the page needs. */
export type RatingQuestions = Pick<
  RatingDesk,
  "begin" | "guide" | "progress" | "item" | "rate" | "confirm"
>;

/** What the routes need. */
export type RatingRoutes<Holder> = Readonly<{
  /** The desk; `null` before the annotation begins. */
  desk: () => RatingQuestions | null;
  consents: Consents;
  /** What raters read at the end; `null` for nothing. */
  debriefing: string | null;
  /** The rater who holds a token; `null` if the token belongs to another kind of page. */
  raterOf: (holder: Holder) => string | null;
  /** Called when a rater refuses to take part. Nothing of the refusal is stored: the rater can still agree. */
  onRefusal?: (rater: string) => void;
  /** Tells when a rater's page has to look again. */
  changes: Changes;
  presence: Presence;
  /** Distinguishes this start of the server from others. */
  start: string;
  /** Aborted at the end. */
  signal: AbortSignal;
}>;

/** The routes below `/api/rating`. A rater who has to agree to a text first gets only this text. */
export function ratingRoutes<Holder>(
  routes: RatingRoutes<Holder>,
): Hono<Access<Holder>> {
  const { desk: deskNow, consents, debriefing, raterOf, onRefusal = () => {}, changes, presence, signal } =
    routes;
  const app = new Hono<Access<Holder> & { Variables: { rater: string; desk: RatingQuestions } }>();
  app.onError((error, context) => {
    if (error instanceof RatingRefused) {
      return context.json({ ...refusal(error.message), question: error.question }, 409);
    }
    if (error instanceof RaterWithdrew) return context.json(refusal(WITHDRAWN), WITHDRAWN_STATUS);
    throw error;
  });
  app.use(async (context, next) => {
    const rater = raterOf(context.get("holder"));
    if (rater === null) return context.json(refusal("This link is not the link of a rater"), 404);
    context.set("rater", rater);
    await next();
  });
  const standingOf = (rater: string): RatingNews["standing"] => {
    const standing = consents.standing(rater);
    return standing === "agreed" && deskNow() === null ? "waiting" : standing;
  };
  const start = async (rater: string) => {
    const standing = standingOf(rater);
    if (standing === "withdrew") return { standing, consent: null, debriefing };
    if (standing !== "agreed") {
      const needed = consents.consentNeeded(rater);
      return { standing, consent: needed && { text: needed.text, sha256: needed.sha256 }, debriefing: null };
    }
    const desk = deskNow()!;
    await desk.begin(rater);
    const progress = desk.progress(rater);
    const isEnd = progress.part === "finished";
    return { standing, guide: desk.guide(), progress, debriefing: isEnd ? debriefing : null };
  };
  // A rater sees the next item and the one after it, which the page loads early.
  const itemFor = async (rater: string, place: number) => {
    const desk = deskNow();
    if (desk === null || standingOf(rater) !== "agreed") return null;
    const { next, to } = desk.progress(rater);
    return place > next + 1 || place >= to ? null : await desk.item(rater, place);
  };
  app.get("/", async (context) => context.json(await start(context.get("rater"))));
  app.post("/news", async (context) => {
    const read = newsSchema.safeParse(await context.req.json().catch(() => null));
    if (!read.success) return context.json(refusal("Cannot read the request: reload the page"), 400);
    const { seen, place } = read.data;
    const rater = context.get("rater");
    const topic = raterTopic(rater);
    presence.seen(rater);
    const look = () => {
      const standing = standingOf(rater);
      return { version: `${routes.start}.${changes.count(topic)}.${standing}`, standing };
    };
    const news = await newsAfter({ look, seen, changes, topic, signal });
    const item = place === null ? null : await itemFor(rater, place);
    const withdrawn = item === null ? 0 : withdrawnIn(item);
    presence.told(rater);
    const answer: RatingNews = { ...news, place, withdrawn };
    return context.json(answer);
  });
  app.use(async (context, next) => {
    const hasWithdrawn = consents.standing(context.get("rater")) === "withdrew";
    if (hasWithdrawn) return context.json(refusal(WITHDRAWN), WITHDRAWN_STATUS);
    await next();
  });
  app.post("/consent", async (context) => {
    const read = consentSchema.safeParse(await context.req.json().catch(() => null));
    if (!read.success) return context.json(refusal("Cannot read the request: reload the page"), 400);
    const rater = context.get("rater");
    const needed = consents.consentNeeded(rater);
    if (needed !== null && needed.sha256 !== read.data.sha256) {
      return context.json(refusal("The text has changed meanwhile. Reload the page, and read it again"), 409);
    }
    if (read.data.agrees) await consents.recordConsent(rater);
    else if (consents.standing(rater) === "not-asked") {
      consents.decline(rater);
      onRefusal(rater);
    }
    changes.tell(raterTopic(rater));
    return context.json({});
  });
  app.use(async (context, next) => {
    if (consents.standing(context.get("rater")) !== "agreed") {
      return context.json(refusal("Please agree to the text first: reload the page"), 409);
    }
    const desk = deskNow();
    if (desk === null) {
      return context.json(refusal("The rating has not begun yet: reload the page later"), 409);
    }
    context.set("desk", desk);
    await next();
  });
  app.get("/items/:place{[0-9]+}", async (context) => {
    const item = await itemFor(context.get("rater"), Number(context.req.param("place")));
    return item === null ? context.json(refusal("There is no such item"), 404) : context.json(item);
  });
  app.post("/items/:place{[0-9]+}", async (context) => {
    const body = answersSchema.safeParse(await context.req.json().catch(() => null));
    if (!body.success) return context.json(refusal("Cannot read the answers: reload the page"), 400);
    const { rater, desk } = context.var;
    await desk.rate(rater, Number(context.req.param("place")), body.data.answers);
    return context.json(desk.progress(rater));
  });
  app.post("/confirm", async (context) => {
    const { rater, desk } = context.var;
    await desk.confirm(rater);
    return context.json(await start(rater));
  });
  return app as unknown as Hono<Access<Holder>>;
}
