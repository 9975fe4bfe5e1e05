/** Shows the logged requests of a discussion. */
import { nativeSha256 } from "../../adapters/system.ts";
import { sentRequests } from "../../core/engine/mod.ts";
import { moderationSchedules } from "../../core/moderation/mod.ts";
import { EXIT_CODES, type ExitCode, UsageError } from "../shared/program.ts";
import type { Logs } from "../shared/logs.ts";
import { safeJson } from "../terminal/neutralise.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { requestObject, requestText } from "./request_text.ts";

/**
 * Shows the request that led to the event `at`, or all requests of the discussion. Runs no code of the run.
 *
 * @returns Exit code 1 if a rendered prompt differs from the log.
 * @throws {UsageError} When no model was asked for the event, or the log has no such event.
 */
export async function showRequests(
  logs: Pick<Logs, "events">,
  discussion: string,
  { at, json, stdout }: Readonly<{ at: number | undefined; json: boolean; stdout: TextSink }>,
): Promise<ExitCode> {
  let isDifferent = false;
  let shown = 0;
  let last = -1;
  const read = async function* () {
    for await (const envelope of logs.events(discussion)) {
      if (stdout.isClosed || (at !== undefined && envelope.seq > at)) return;
      last = envelope.seq;
      yield envelope;
    }
  };
  try {
    for await (
      const request of sentRequests(read(), {
        sha256: nativeSha256,
        schedules: moderationSchedules(),
        ...at === undefined ? {} : { only: new Set([at]) },
      })
    ) {
      isDifferent ||= "check" in request.prompt && request.prompt.check === "different";
      stdout.write(json ? `${safeJson(requestObject(request))}\n` : requestText(request, stdout));
      shown++;
    }
  } catch (error) {
    // The log was written by a newer version, or its events are in an impossible order.
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
  if (shown === 0 && !stdout.isClosed) {
    throw new UsageError(
      at === undefined || at > last
        ? `Cannot show ${at === undefined ? "a request" : `event ${at}`} of "${discussion}": ` +
          (at === undefined ? "its log has no request to a model" : `its last event is ${last}`)
        : `Cannot show the prompt of event ${at} of "${discussion}": no model was asked for it. ` +
          `Leave --at out to see all requests, or find the event with replay`,
    );
  }
  return isDifferent ? EXIT_CODES.findings : EXIT_CODES.ok;
}
