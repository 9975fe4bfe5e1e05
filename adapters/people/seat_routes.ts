/**
 * The routes of the page of a seat, all below `/api/seat`. A request without a seat's token finds nothing here.
 * Every answer is a `SeatView`, the fate of an answer, or a refusal.
 */
import { Hono } from "npm:hono@4.13.19";
import { z } from "../../core/zod.ts";
import { type Access, refusal } from "../viewer/server/access.ts";
import { newsAfter, seenSchema } from "./news.ts";
import type { Person, Seat } from "./persons.ts";
import { topicOf } from "./persons.ts";
import type { Presence } from "./presence.ts";
import { type SeatSources, seatView } from "./seat_view.ts";
import type { AnswerReceipt, SeatAnswer, SeatConsent } from "./seat_messages.ts";
import { textProblem } from "./text_limits.ts";

/** What the routes need. */
export type SeatRoutes =
  & SeatSources
  & Readonly<{ presence: Presence; /** Aborted at the end. */ signal: AbortSignal }>;

const newsSchema = z.strictObject({ seen: seenSchema });
const consentSchema: z.ZodType<SeatConsent> = z.strictObject({
  agrees: z.boolean(),
  sha256: z.string().max(64),
});
const answerSchema: z.ZodType<SeatAnswer> = z.strictObject({
  question: z.string().max(64),
  text: z.string(),
  pasted: z.boolean(),
});

/** The routes of all seats. */
export function seatRoutes(sources: SeatRoutes): Hono<Access<Person>> {
  const { desk, consents, presence, signal } = sources;
  const app = new Hono<Access<Person> & { Variables: { seat: Seat } }>();
  app.use(async (context, next) => {
    const holder = context.get("holder");
    if (holder.kind !== "seat") return context.json(refusal("This link is not the link of a seat"), 404);
    context.set("seat", holder);
    await next();
  });
  app.post("/news", async (context) => {
    const read = newsSchema.safeParse(await context.req.json().catch(() => null));
    if (!read.success) return context.json(refusal("Cannot read the request"), 400);
    const seat = context.get("seat");
    presence.seen(seat.person);
    const look = () => seatView(seat, sources);
    const { changes } = desk;
    const view = await newsAfter({ look, seen: read.data.seen, changes, topic: topicOf(seat), signal });
    presence.told(seat.person);
    return context.json(view);
  });
  app.post("/consent", async (context) => {
    const read = consentSchema.safeParse(await context.req.json().catch(() => null));
    if (!read.success) return context.json(refusal("Cannot read the request"), 400);
    const seat = context.get("seat");
    // A discussion that is over takes no new people, and a person who has withdrawn cannot return.
    const isOver = desk.endOf(seat.discussion) === "ended" || consents.standing(seat.person) === "withdrew";
    if (isOver) return context.json(seatView(seat, sources));
    const needed = consents.consentNeeded(seat.person);
    if (needed !== null && needed.sha256 !== read.data.sha256) {
      return context.json(refusal("The text has changed meanwhile. Please read it again"), 409);
    }
    if (read.data.agrees) await consents.recordConsent(seat.person);
    else {
      consents.decline(seat.person);
      desk.released(seat.person);
    }
    desk.changes.tell(topicOf(seat));
    return context.json(seatView(seat, sources));
  });
  app.post("/answer", async (context) => {
    const read = answerSchema.safeParse(await context.req.json().catch(() => null));
    if (!read.success) return context.json(refusal("Cannot read the request"), 400);
    const { person } = context.get("seat");
    const { question, text, pasted } = read.data;
    presence.seen(person);
    const standing = consents.standing(person);
    if (standing === "withdrew") return context.json(refusal("You have withdrawn"), 409);
    if (standing !== "agreed") {
      return context.json(refusal("Cannot take the comment: please agree to the text first"), 409);
    }
    const asked = desk.questions(person).find(({ id }) => id === question);
    const isSilent = text.trim() === "";
    const mayBeSilent = asked?.situation.kind !== "annotation" && asked?.situation.mayBeSilent;
    if (asked !== undefined && isSilent && !mayBeSilent) {
      return context.json(refusal("Cannot send an empty comment: please write something"), 400);
    }
    const problem = textProblem(text);
    if (problem !== null) return context.json(refusal(`Cannot send the comment: ${problem}`), 400);
    const answer = { text: text.trim(), ...(pasted ? { meta: { pasted } } : {}) };
    const receipt: AnswerReceipt = { fate: await desk.answer(person, question, answer) };
    return context.json(receipt);
  });
  return app as unknown as Hono<Access<Person>>;
}
