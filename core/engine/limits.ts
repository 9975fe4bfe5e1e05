/** The engine's limits, by name. */

/** When and how often a failed request is tried again. */
export type RetryPolicy = Readonly<{
  /** Attempts in all, the first one included. */
  attemptsMax: number;
  /** The wait before the second attempt, in milliseconds; it doubles with each further attempt. */
  waitMs: number;
  /** The longest wait that the engine chooses by itself, in milliseconds. */
  waitMsMax: number;
  /** The longest wait that a server may ask for, in milliseconds; a longer one ends the attempts. */
  retryAfterMsMax: number;
}>;

/** Five attempts over about eight seconds, longer where the server asks for it. */
export const RETRY_POLICY: RetryPolicy = {
  attemptsMax: 5,
  waitMs: 500,
  waitMsMax: 30_000,
  retryAfterMsMax: 120_000,
};

/** A run stops when this many discussions in a row were set aside and none got on in between. */
export const FAILURES_IN_A_ROW_MAX = 20;

/** Discussions that are held at the same time, where nobody says otherwise and the models set no limit. */
export const CONCURRENCY_DEFAULT = 64;

/** More discussions at the same time than this would only fill memory. */
export const CONCURRENCY_MAX = 10_000;
