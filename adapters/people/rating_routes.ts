/**
 * The questions of the rating page. Its answers contain the rater's own items, answers and progress, and nothing else: no
 * prompt, model, condition, name, role, and no value of another annotator.
 */
import { type Context, Hono } from "npm:hono@4.13.19";
import { z } from "../../core/zod.ts";
import { type RatingDesk, RatingRefused } from "../../core/rating/mod.ts";
import { type Access, refusal } from "../viewer/server/access.ts";

/** The longest answer in characters. Scales allow less. */
const ANSWER_CHARS_MAX = 20_000;

const SCALES_MAX = 50;

const answersSchema = z.strictObject({
  answers: z.array(z.string().max(ANSWER_CHARS_MAX).nullable()).max(SCALES_MAX),
});

/** The parts of the desk that the page needs. */
export type RatingQuestions = Pick<RatingDesk, "guide" | "progress" | "item" | "rate" | "confirm">;

/**
 * The routes below `/api/rating`.
 *
 * @param desk The desk.
 * @param raterOf The rater of the holder of a token; `null` if the token belongs to another kind of page.
 */
export function ratingRoutes<Holder>(
  desk: RatingQuestions,
  raterOf: (holder: Holder) => string | null,
): Hono<Access<Holder>> {
  const app = new Hono<Access<Holder>>();
  type Asked = Context<Access<Holder>>;
  const forRater =
    (answer: (rater: string, context: Asked) => Promise<Response> | Response) => async (context: Asked) => {
      const rater = raterOf(context.get("holder"));
      if (rater === null) return context.json(refusal("This key is not a rater's key"), 403);
      try {
        return await answer(rater, context);
      } catch (error) {
        if (error instanceof RatingRefused) return context.json(refusal(error.message), 409);
        throw error;
      }
    };
  app.get(
    "/",
    forRater((rater, context) => context.json({ guide: desk.guide(), progress: desk.progress(rater) })),
  );
  app.get(
    "/items/:place{[0-9]+}",
    forRater(async (rater, context) => {
      const place = Number(context.req.param("place"));
      // A rater sees the next item and the one after it, which the page loads early.
      const { next, to } = desk.progress(rater);
      const item = place > next + 1 || place >= to ? null : await desk.item(rater, place);
      return item === null ? context.json(refusal("There is no such item"), 404) : context.json(item);
    }),
  );
  app.post(
    "/items/:place{[0-9]+}",
    forRater(async (rater, context) => {
      const body = answersSchema.safeParse(await context.req.json().catch(() => null));
      if (!body.success) return context.json(refusal("Cannot read the answers: reload the page"), 400);
      await desk.rate(rater, Number(context.req.param("place")), body.data.answers);
      return context.json(desk.progress(rater));
    }),
  );
  app.post(
    "/confirm",
    forRater(async (rater, context) => {
      await desk.confirm(rater);
      return context.json(desk.progress(rater));
    }),
  );
  return app;
}
