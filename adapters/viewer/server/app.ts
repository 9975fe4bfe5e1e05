/**
 * The viewer's server. A question of `ViewerSource` is `POST /api/<question>`, and its arguments are a JSON object with their
 * names: `{"query": …}` for `list`. The answer is JSON; a refusal is `{"error": …}`. `GET /api/follow` is a stream of
 * server-sent events, each a list of `Notice`s.
 */
import type { Context, Hono } from "npm:hono@4.13.19";
import { stream } from "npm:hono@4.13.19/streaming";
import { z } from "../../../core/zod.ts";
import type { SearchAnswer, SearchQuery, ViewerSource } from "../api.ts";
import { type Access, guardedApp, type HolderOf, refusal } from "./access.ts";
import { followRoute } from "./live.ts";
import { pageRoutes } from "./page_files.ts";
import { QUESTIONS, SEARCH } from "./questions.ts";
import type { Tickets } from "./tickets.ts";
import { Refused } from "./refused.ts";

/**
 * The policy of a report: it has no scripts, and its sandbox cannot read what the page stores in the
 * browser.
 */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** What the viewer's server needs. */
export type ViewerServer = Readonly<{
  source: ViewerSource;
  holderOf: HolderOf<"researcher">;
  /** The finished reports, as HTML. Each can be opened once, at `/report/<ticket>`. */
  reports: Tickets<string>;
  /** Ends the streams of notices. */
  signal: AbortSignal;
  /** The folder of the bundles. */
  bundles?: URL;
}>;

/**
 * The app that answers the viewer's page.
 *
 * @throws {Error} If the page was not built.
 */
export async function viewerApp(
  { source, holderOf, reports, signal, bundles }: ViewerServer,
): Promise<Hono<Access<"researcher">>> {
  const app = guardedApp({ holderOf });
  app.onError((error, context) => {
    if (error instanceof Refused) return context.json(refusal(error.message), 400);
    return context.json(refusal(error.message), 500);
  });
  app.route(
    "/",
    await pageRoutes({
      bundle: "app",
      later: ["plots"],
      title: "SynDisco",
      ...(bundles && { folder: bundles }),
    }),
  );
  for (const [name, { schema, ask }] of Object.entries(QUESTIONS)) {
    app.post(`/api/${name}`, async (context) => {
      return context.json(await ask(source, await given(context, schema)) ?? null);
    });
  }
  app.post("/api/search", async (context) => {
    const { query } = await given(context, SEARCH);
    return searched(context, source, query);
  });
  app.get("/report/:ticket", (context) => {
    const html = reports.take(context.req.param("ticket"));
    if (html === null) {
      return context.text("This address worked once. Open the report from the page again.", 404);
    }
    context.header("Content-Security-Policy", REPORT_POLICY);
    return context.html(html);
  });
  app.get("/api/follow", followRoute(source, signal));
  return app;
}

/**
 * Reads the arguments of a question.
 *
 * @throws {Refused} If the body does not fit the schema.
 */
async function given<Given>({ req }: Context, schema: z.ZodType<Given>): Promise<Given> {
  const read = schema.safeParse(await req.json().catch(() => null));
  if (read.success) return read.data;
  throw new Refused(`Cannot read the request: ${z.prettifyError(read.error)}`);
}

/** Answers as a stream, because only then Deno reports that the page has stopped waiting. */
function searched(context: Context, source: ViewerSource, query: SearchQuery): Response {
  return stream(context, async (stream) => {
    const ended = new AbortController();
    stream.onAbort(() => ended.abort());
    const answer = await source.search(query, ended.signal).catch((error): SearchAnswer => ({
      hits: [],
      total: 0,
      isTotalCut: false,
      indexed: { done: 0, of: 0 },
      problem: String(error.message),
    }));
    await stream.write(JSON.stringify(answer));
  });
}
