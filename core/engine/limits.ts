/** The engine's limits, by name. */

/** When and how often a failed request is tried again. */
export type RetryPolicy = Readonly<{
  /** Attempts in all, the first one included. */
  attemptsMax: number;
  /** The longest wait before the second attempt, in milliseconds; it doubles with each further attempt. */
  waitMs: number;
  /** The longest wait that the engine chooses by itself, in milliseconds. */
  waitMsMax: number;
  /** The longest wait that a server may ask for, in milliseconds; a longer one ends the attempts. */
  retryAfterMsMax: number;
  /** The longest time that a request waits between its attempts in all, in milliseconds. */
  waitedMsMax: number;
}>;

/** Eight attempts over about half a minute, longer where the server asks for it. */
export const RETRY_POLICY: RetryPolicy = {
  attemptsMax: 8,
  waitMs: 500,
  waitMsMax: 30_000,
  retryAfterMsMax: 120_000,
  waitedMsMax: 600_000,
};

/** When a model counts as down, how it is asked whether it is back, and how long pauses may be. */
export type PausePolicy = Readonly<{
  /**
   * Requests in a row that nobody answered (unreachable, timed out, or failed by the server) before the model counts as
   * down. Not above the attempts of a request, or a request that is alone could be given up before.
   */
  failuresMax: number;
  /** The wait before the first probe, in milliseconds; it doubles with each further one. */
  probeMs: number;
  /** The longest wait between two probes that the engine chooses by itself, in milliseconds. */
  probeMsMax: number;
  /** The longest pause, for whatever reason, in milliseconds; after it, discussions that need the model are left. */
  pauseMsMax: number;
}>;

/** Down after five failures in a row; probed after one second, then ever less often, for half an hour. */
export const PAUSE_POLICY: PausePolicy = {
  failuresMax: 5,
  probeMs: 1_000,
  probeMsMax: 60_000,
  pauseMsMax: 1_800_000,
};

/** The first wait before a probe where a server does not say when it takes more requests, in milliseconds; it doubles. */
export const RATE_PROBE_MS = 5_000;

/** The longest wait between two such probes, in milliseconds. */
export const RATE_PROBE_MS_MAX = 120_000;

/** How much later than a server says the probe is sent at most, in milliseconds. */
export const RATE_JITTER_MS = 1_000;

/** A server that asks to be left alone for longer than this (a hundred years) is understood to say this, in milliseconds. */
export const STATED_MS_MAX = 3_155_760_000_000;

/** Pauses after which a request begins its attempts anew; later failures count, whatever the model is like then. */
export const PAUSES_PER_REQUEST_MAX = 10;

/** The longest pause that can be asked for, in milliseconds: thirty days. */
export const PAUSE_MS_MAX = 2_592_000_000;

/** How long a request may take where neither the adapter nor the user says so, in milliseconds. */
export const REQUEST_MS_MAX = 600_000;

/** What the engine leaves a model that has a time-out of its own to act on it first, in milliseconds. */
export const REQUEST_GRACE_MS = 5_000;

/** Requests in flight that an adaptive limit begins with; it doubles until something speaks against it. */
export const ADAPTIVE_START = 16;

/** How long requests in flight at a deadline may still take, in milliseconds; then they are given up. */
export const DEADLINE_GRACE_MS = 30_000;

/**
 * When this many discussions of one condition have failed in a row, no further ones of it are opened before those that
 * are open got on; when these fail, too, the condition is stopped.
 */
export const FAILURES_IN_A_ROW_MAX = 20;

/** Discussions that are known but not opened, since others of their conditions wait; no further ones are drawn then. */
export const DEFERRED_MAX = 5_000;

/** Discussions that are open at the same time, those included that wait for a model. */
export const OPEN_MAX = 20_000;

/** Discussions that are held at the same time, where nobody says otherwise and the models set no limit. */
export const CONCURRENCY_DEFAULT = 64;

/** More discussions at the same time than this would only fill memory. */
export const CONCURRENCY_MAX = 10_000;
