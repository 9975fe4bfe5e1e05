/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Failed requests before a reply, or at the end of a discussion if no reply has come yet. */
import type { VNode } from "npm:preact@11.2.0";
import { counted, time } from "../base/numbers.ts";
import { Words } from "../base/words.tsx";
import type { LoggedFailure } from "./live_log.ts";
import { failureWords } from "./plain_words.ts";
import { durationWords, timingOf } from "./timings.ts";

/** A list of failed requests. */
export function FailedRequests(
  { failures, isAnswered }: Readonly<{ failures: readonly LoggedFailure[]; isAnswered: boolean }>,
): VNode | null {
  if (failures.length === 0) return null;
  return (
    <details class="failures" open={!isAnswered}>
      <summary>
        {isAnswered
          ? `${counted(failures.length, "failed request")} before this reply`
          : `${counted(failures.length, "failed request")}, not sent again yet`}
      </summary>
      <ol>
        {failures.map(({ failure, envelope }) => {
          const { attempts, message, status, waitedMs } = timingOf(failure.meta);
          return (
            <li key={envelope.seq}>
              <Words text={failure.speaker} />, model <Words text={failure.model} />: {failureWords(failure)};
              {" "}
              <span class="soft">
                {[
                  ...attempts === null ? [] : [counted(attempts, "attempt")],
                  ...status === null ? [] : [`status ${status}`],
                  ...waitedMs === null ? [] : [`waited ${durationWords(waitedMs)}`],
                  time(envelope.at),
                ].join(", ")}
              </span>
              {message !== null && (
                <div class="message">
                  <Words text={message} />
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </details>
  );
}
