/** The jobs that this process has. Tells the queue that it is alive, and learns which jobs were given to others. */
import type { PgBoss } from "npm:pg-boss@12.38.0";

/** What tells one attempt at a job from the next. */
export type Attempt = Readonly<{ id: string; retryCount: number }>;

/** How often a living worker says so, in milliseconds. */
const BEAT_MS = 2_000;

/** How long before a job expires its worker learns of it, in seconds. A turn can take long. */
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

  /** Keeps a job alive. `end()` says whether it is still this process's, and lets go of it. */
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

  /** Lets go of all jobs, and returns them. */
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

  /** Finds the jobs that are not this process's any more. */
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
