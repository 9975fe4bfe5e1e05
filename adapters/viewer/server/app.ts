/**
 * The viewer's server. A question of `ViewerSource` is `POST /api/<question>`, and its arguments are a JSON object with their
 * names: `{"query": …}` for `list`. The answer is JSON; a refusal is `{"error": …}`. `GET /api/follow` is a stream of
 * server-sent events, each a list of `Notice`s.
 */
import type { Hono } from "npm:hono@4.13.19";
import { z } from "../../../core/zod.ts";
import type { ViewerSource } from "../api.ts";
import { type Access, guardedApp, type HolderOf, refusal } from "./access.ts";
import { followRoute } from "./live.ts";
import { pageRoutes } from "./page_files.ts";
import { QUESTIONS, Refused } from "./questions.ts";

/** What the viewer's server needs. */
export type ViewerServer = Readonly<{
  source: ViewerSource;
  holderOf: HolderOf<"researcher">;
  /** Ends the streams of notices. */
  signal: AbortSignal;
  /** The folder of the bundles. */
  bundles?: URL;
}>;

/** The app that answers the viewer's page. @throws {Error} If the page was not built. */
export async function viewerApp(
  { source, holderOf, signal, bundles }: ViewerServer,
): Promise<Hono<Access<"researcher">>> {
  const app = guardedApp({ holderOf });
  app.onError((error, context) => {
    if (error instanceof Refused) return context.json(refusal(error.message), 400);
    return context.json(refusal(error.message), 500);
  });
  app.route("/", await pageRoutes({ bundle: "app", title: "SynDisco", ...(bundles && { folder: bundles }) }));
  for (const [name, { schema, ask }] of Object.entries(QUESTIONS)) {
    app.post(`/api/${name}`, async (context) => {
      const read = schema.safeParse(await context.req.json().catch(() => null));
      if (!read.success) {
        return context.json(refusal(`Cannot read the request: ${z.prettifyError(read.error)}`), 400);
      }
      return context.json(await ask(source, read.data, context.req.raw.signal) ?? null);
    });
  }
  app.get("/api/follow", followRoute(source, signal));
  return app;
}
