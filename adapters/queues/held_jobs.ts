/**
 * The jobs that this process has. Tells the queue that this process is alive, and learns which jobs went to other
 * workers.
 */
import type { PgBoss } from "npm:pg-boss@12.38.0";

/** One attempt at a job. Each further attempt has a higher `retryCount`. */
export type Attempt = Readonly<{ id: string; retryCount: number }>;

/** The time after which a worker reports again that it is alive, in milliseconds. */
const BEAT_MS = 2_000;

/** A worker learns this many seconds in advance that its job will expire, because a turn can take long. */
const MARGIN_S = 3600;

type Held = Readonly<{
  name: string;
  job: Attempt;
  lost: AbortController;
  expiring: AbortController;
  expiresMs: number;
}>;

/** Reads which of these jobs are active, and in which attempt. */
export type ActiveAttempts = (name: string, ids: readonly string[]) => Promise<readonly Attempt[]>;

export class HeldJobs {
  readonly #boss: PgBoss;
  readonly #active: ActiveAttempts;
  readonly #expireMs: number;
  readonly #held = new Map<string, Held>();
  #beating: ReturnType<typeof setTimeout> | undefined;

  constructor(boss: PgBoss, { active, expireS }: Readonly<{ active: ActiveAttempts; expireS: number }>) {
    this.#boss = boss;
    this.#active = active;
    this.#expireMs = (expireS - MARGIN_S) * 1000;
  }

  /** Keeps a job alive until `end()` is called. `end()` returns whether this process still had the job. */
  hold(
    name: string,
    job: Attempt,
  ): Readonly<{ lost: AbortSignal; expiring: AbortSignal; end: () => boolean }> {
    const held: Held = {
      name,
      job,
      lost: new AbortController(),
      expiring: new AbortController(),
      expiresMs: performance.now() + this.#expireMs,
    };
    this.#held.set(job.id, held);
    this.#beating ??= setTimeout(() => this.#beat(), BEAT_MS);
    const end = () => this.#held.get(job.id) === held && this.#held.delete(job.id);
    return { lost: held.lost.signal, expiring: held.expiring.signal, end };
  }

  /** Stops keeping all jobs alive, and returns them. */
  close(): readonly Held[] {
    clearTimeout(this.#beating);
    const all = [...this.#held.values()];
    this.#held.clear();
    return all;
  }

  async #beat(): Promise<void> {
    const nowMs = performance.now();
    const byName = Map.groupBy(this.#held.values(), ({ name }) => name);
    for (const [name, jobs] of byName) {
      for (const { expiresMs, expiring } of jobs) if (nowMs > expiresMs) expiring.abort();
      try {
        await this.#boss.touch(name, jobs.map(({ job }) => job));
        await this.#lose(name, jobs);
      } catch {
        // While the database cannot be reached, no other worker can take the jobs. The next beat tries again.
      }
    }
    this.#beating = this.#held.size === 0 ? undefined : setTimeout(() => this.#beat(), BEAT_MS);
  }

  /** Finds the jobs that went to other workers. */
  async #lose(name: string, jobs: readonly Held[]): Promise<void> {
    const active = await this.#active(name, jobs.map(({ job }) => job.id));
    const attempts = new Map(active.map(({ id, retryCount }) => [id, retryCount]));
    for (const held of jobs) {
      const { id, retryCount } = held.job;
      if (attempts.get(id) === retryCount || this.#held.get(id) !== held) continue;
      this.#held.delete(id);
      held.lost.abort();
    }
  }
}
