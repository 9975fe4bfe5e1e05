/** The named limits of the engine. */

/** When and how often a failed request is retried. */
export type RetryPolicy = Readonly<{
  /** All attempts, including the first one. */
  attemptsMax: number;
  /** The longest wait before the second attempt, in milliseconds; it doubles with each further attempt. */
  waitMs: number;
  /** The longest wait that the engine chooses itself, in milliseconds. */
  waitMsMax: number;
  /** The longest wait that a server may ask for, in milliseconds. A longer one ends the attempts. */
  retryAfterMsMax: number;
  /** The longest total wait of a request between its attempts, in milliseconds. */
  waitedMsMax: number;
}>;

/** Eight attempts in about half a minute. They take longer if the server asks for longer waits. */
export const RETRY_POLICY: RetryPolicy = {
  attemptsMax: 8,
  waitMs: 500,
  waitMsMax: 30_000,
  retryAfterMsMax: 120_000,
  waitedMsMax: 600_000,
};

/** When a model counts as down, how it is probed, and how long a pause may be. */
export type PausePolicy = Readonly<{
  /**
   * The model counts as down after this many requests in a row without an answer (unreachable, timed out, or a server
   * error). It must not be larger than the number of attempts of a request, so that one request alone can
   * detect that the model is down.
   */
  failuresMax: number;
  /** The wait before the first probe, in milliseconds; it doubles with each further probe. */
  probeMs: number;
  /** The longest wait between two probes that the engine chooses itself, in milliseconds. */
  probeMsMax: number;
  /** The longest pause, in milliseconds. After it, discussions that need the model are skipped. */
  pauseMsMax: number;
}>;

/**
 * The model counts as down after five failures in a row. The first probe comes after one second. The waits
 * between probes become longer, and the pause ends after half an hour.
 */
export const PAUSE_POLICY: PausePolicy = {
  failuresMax: 5,
  probeMs: 1_000,
  probeMsMax: 60_000,
  pauseMsMax: 1_800_000,
};

/** The wait before the first probe if the server states no wait, in milliseconds. It doubles with each probe. */
export const RATE_PROBE_MS = 5_000;

/** The longest wait between two probes if the server states no wait, in milliseconds. */
export const RATE_PROBE_MS_MAX = 120_000;

/** A probe is sent up to this much later than the server states, in milliseconds. */
export const RATE_JITTER_MS = 1_000;

/**
 * If a server states a longer wait than this, the wait counts as this one: a hundred years, in milliseconds.
 */
export const STATED_MS_MAX = 3_155_760_000_000;

/** A request starts its attempts again after at most this many pauses. */
export const PAUSES_PER_REQUEST_MAX = 10;

/** The longest pause that a user can allow, in milliseconds: thirty days. */
export const PAUSE_MS_MAX = 2_592_000_000;

/** How long a request may take if neither the adapter nor the user sets a limit, in milliseconds. */
export const REQUEST_MS_MAX = 600_000;

/** The engine ends a request this much later than the model's own time limit, in milliseconds. */
export const REQUEST_GRACE_MS = 5_000;

/** An adaptive limit starts with this many requests in flight, and doubles while the model keeps up. */
export const ADAPTIVE_START = 16;

/** Requests in flight at a deadline may take this much longer, in milliseconds. Then they are aborted. */
export const DEADLINE_GRACE_MS = 30_000;

/**
 * When this many discussions of a lane have failed in a row, the lane opens no further discussions until an
 * open discussion makes progress. If all open discussions fail, too, the lane is stopped.
 */
export const FAILURES_IN_A_ROW_MAX = 20;

/**
 * The most discussions that are postponed because their lane is full. At this number, no further ones are
 * drawn.
 */
export const DEFERRED_MAX = 5_000;

/** The most discussions that are open at the same time, waiting discussions included. */
export const OPEN_MAX = 20_000;

/** How many discussions run at the same time if neither the user nor the models set a limit. */
export const CONCURRENCY_DEFAULT = 64;

/** The most discussions that can run at the same time. More of them would only fill the memory. */
export const CONCURRENCY_MAX = 10_000;
