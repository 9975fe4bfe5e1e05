/** Serves the page of runs. */
import { systemClock } from "../../adapters/system.ts";
import { holdersByToken, newToken } from "../../adapters/viewer/server/access.ts";
import { viewerApp } from "../../adapters/viewer/server/app.ts";
import { indexPlace, WorkerIndex } from "../../adapters/viewer/index/mod.ts";
import { runSource } from "../../adapters/viewer/server/run_source.ts";
import { linkTo, serve, type Served } from "../../adapters/viewer/server/serve.ts";
import { Tickets } from "../../adapters/viewer/server/tickets.ts";
import type { ViewedRun } from "../../adapters/viewer/server/viewed_run.ts";
import { UsageError } from "../shared/program.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { openOutcomes } from "./outcomes.ts";

/** A page that is served until disposal. */
type ServedPage = AsyncDisposable & Readonly<{ port: number; link: string }>;

/** How a page is served. */
type ServeOptions = Readonly<{
  /** The port; 0 for any free port. */
  port: number;
  /** The folder of the page's files. Default: the program's own. */
  bundles?: URL;
}>;

/**
 * Serves the page of runs.
 *
 * @throws {UsageError} If the port cannot be used.
 */
export async function serveRuns(
  runs: readonly ViewedRun[],
  { port, ...files }: ServeOptions,
  stderr: TextSink,
): Promise<ServedPage> {
  const token = newToken();
  const holderOf = holdersByToken([[token, "researcher"] as const]);
  const ended = new AbortController();
  const reports = new Tickets<string>();
  const { folder, problem } = indexPlace(Deno.build.os, Deno.env);
  const warn = (note: string) => stderr.write(`${neutralise(note)}\n`);
  if (problem !== null) warn(problem);
  const outcomes = openOutcomes({ runs, stderr });
  const source = await runSource({
    runs,
    index: new WorkerIndex(folder, warn),
    outcomes,
    reports,
    clock: systemClock,
  });
  const served = await (async () => {
    try {
      return serveAt(port, await viewerApp({ source, holderOf, reports, signal: ended.signal, ...files }));
    } catch (error) {
      outcomes[Symbol.dispose]();
      await source.close();
      throw error;
    }
  })();
  return {
    port: served.port,
    link: linkTo(served.port, token),
    async [Symbol.asyncDispose]() {
      ended.abort();
      outcomes[Symbol.dispose]();
      await served.close();
      await source.close();
    },
  };
}

function serveAt(port: number, app: Parameters<typeof serve>[0]): Served {
  try {
    return serve(app, port);
  } catch (error) {
    const reason = error instanceof Deno.errors.AddrInUse
      ? "another program uses it"
      : error instanceof Deno.errors.PermissionDenied
      ? "this user may not use it"
      : null;
    if (reason === null) throw error;
    throw new UsageError(
      `Cannot serve the page at the port ${port}: ${reason}. Choose another one with --port, or leave the option out`,
    );
  }
}
