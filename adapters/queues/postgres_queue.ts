/** The jobs of a run in a PostgreSQL database. Each task has a queue of jobs, in pg-boss's own tables. */
import type { Job, JobCounts, NewJob, Taking, WorkQueue } from "../../core/ports/mod.ts";
import type { Job as BossJob, PgBoss } from "npm:pg-boss@12.38.0";
import { type Attempt, HeldJobs } from "./held_jobs.ts";
import { digest, earlierJobSql, idOf } from "./job_ids.ts";
import { persistently } from "./persistence.ts";

/** The schema of pg-boss's tables. */
const SCHEMA = "syndisco_jobs";

/** The channel of the messages that say that jobs wait. A message names the run. */
const CHANNEL = "syndisco_jobs";

/** The most jobs that one statement adds. */
const BATCH = 1_000;

/** Time between two searches for jobs, in milliseconds. Other workers' jobs can come back without a message. */
const POLL_MS = 500;

/** The most connections of one worker to the queue, besides the one that listens. */
const CONNECTIONS_MAX = 2;

/** Every worker looks for dead workers once a second. */
const SUPERVISION = { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 };

/** A worker that is silent for this many seconds loses its jobs. It is the shortest time that pg-boss allows. */
const HEARTBEAT_S = 10;

/** After this many seconds, even a living worker loses a job. It is the longest time that pg-boss allows. */
const EXPIRE_S = 24 * 3600;

const TEN_YEARS_S = 10 * 365 * 24 * 3600;

const JOBS = {
  heartbeatSeconds: HEARTBEAT_S,
  expireInSeconds: EXPIRE_S,
  // Each stop of a worker and each death count as a retry.
  retryLimit: 1_000,
  retryDelay: 0,
  retentionSeconds: TEN_YEARS_S,
  // Jobs that are done stay, so that they are not added again.
  deleteAfterSeconds: 0,
};

/** Where the jobs are, and the run to which they belong. */
export type PostgresQueueOptions = Readonly<{
  /** How to reach the database. A missing member is read from the variables of PostgreSQL. */
  database: Readonly<{
    host?: string;
    port?: number;
    database: string;
    user?: string;
    password?: string;
    /** Whether the connection is encrypted, and whether the server must prove its name. */
    ssl?: boolean | Readonly<{ rejectUnauthorized: boolean }> | undefined;
  }>;
  /** A text that no other run in the database ever has. */
  run: string;
  /** Called for problems that do not end the work, such as a lost connection. */
  warn?: (message: string) => void;
}>;

/** Opens the jobs of a run, and makes the tables if there are none. It fails if the database refuses. */
export async function openPostgresQueue(
  { database, run, warn = () => {} }: PostgresQueueOptions,
): Promise<WorkQueue> {
  const { PgBoss } = await import("npm:pg-boss@12.38.0");
  const boss = new PgBoss({
    ...database,
    application_name: "syndisco jobs",
    schema: SCHEMA,
    max: CONNECTIONS_MAX,
    schedule: false,
    registerInstance: false,
    ...SUPERVISION,
  });
  // Without a listener, errors of the supervision end the process. They come each second while the server is down.
  let told = "";
  boss.on("error", ({ message }: Error) => {
    if (message !== told) warn(`the queue of jobs: ${message}`);
    told = message;
  });
  try {
    await persistently(() => boss.start());
    return await persistently(() => PostgresQueue.open(boss, digest(run)));
  } catch (error) {
    await boss.stop({ graceful: false });
    throw error;
  }
}

class PostgresQueue implements WorkQueue {
  readonly #boss: PgBoss;
  readonly #run: string;
  readonly #held: HeldJobs;
  readonly #waiters = new Set<() => void>();
  #unlisten: () => Promise<void> = () => Promise.resolve();
  /** Tasks with a queue that is known to exist. */
  readonly #known = new Set<string>();

  private constructor(boss: PgBoss, run: string) {
    this.#boss = boss;
    this.#run = run;
    this.#held = new HeldJobs(boss, {
      expireS: EXPIRE_S,
      active: (name, ids) =>
        this.#rows<Attempt>(
          `select id, retry_count as "retryCount" from ${SCHEMA}.job
             where name = $1 and id = any($2::uuid[]) and state = 'active'`,
          [name, ids],
        ),
    });
  }

  static async open(boss: PgBoss, run: string): Promise<PostgresQueue> {
    const queue = new PostgresQueue(boss, run);
    const wake = () => queue.#wake();
    const listening = await boss.getDb().listen!(CHANNEL, (named) => named === run && wake(), wake);
    queue.#unlisten = () => listening.close();
    return queue;
  }

  async add(task: string, jobs: Iterable<NewJob>): Promise<void> {
    const name = this.#nameOf(task);
    await persistently(() => this.#boss.createQueue(name, JOBS));
    const ids = new Set<string>();
    const batch: object[] = [];
    const insert = async () => {
      const added = batch.splice(0);
      if (added.length > 0) await persistently(() => this.#boss.insert(name, added));
    };
    for (const { stream, lane } of jobs) {
      // A stream always has the same id, so its job is added once. Earlier jobs have a higher priority.
      const id = idOf(name, stream);
      batch.push({ id, data: { stream }, priority: -ids.size, group: { id: lane } });
      ids.add(id);
      if (batch.length === BATCH) await insert();
    }
    await insert();
    await this.#again(name, ids);
    await this.#tell();
  }

  /** Makes the failed jobs among these wait for a worker again. */
  async #again(name: string, ids: ReadonlySet<string>): Promise<void> {
    const failed = await this.#rows<{ id: string; state: string }>(
      `select id, state from ${SCHEMA}.job where name = $1 and state in ('cancelled', 'failed')`,
      [name],
    );
    for (const [state, again] of [["cancelled", "resume"], ["failed", "retry"]] as const) {
      const those = failed.filter((job) => job.state === state && ids.has(job.id)).map(({ id }) => id);
      for (let from = 0; from < those.length; from += BATCH) {
        await persistently(() => this.#boss[again](name, those.slice(from, from + BATCH)));
      }
    }
  }

  async tasks(): Promise<readonly string[]> {
    const rows = await this.#rows<{ name: string }>(
      `select name from ${SCHEMA}.queue where starts_with(name, $1) order by created_on, name`,
      [`${this.#run}/`],
    );
    return rows.map(({ name }) => name.slice(this.#run.length + 1));
  }

  async take(task: string, { signal, except = new Set(), later = new Set() }: Taking): Promise<Job | null> {
    if (!await this.#exists(task)) return null;
    const name = this.#nameOf(task);
    const options = { ignoreGroups: [...except.union(later)] };
    const fetch = () => this.#boss.fetch<{ stream: string }>(name, options);
    while (!signal.aborted) {
      const [job] = await persistently(fetch, signal);
      if (job !== undefined) {
        const taken = this.#job(task, job);
        if (await this.#isAlone(taken, signal)) return taken;
        continue;
      }
      const [{ some }] = await this.#rows<{ some: boolean }>(
        `select exists(select from ${SCHEMA}.job where name = $1 and (state = 'active' or
           state < 'active' and not coalesce(group_id = any($2::text[]), false))) as some`,
        [name, [...except]],
      ) as [{ some: boolean }];
      if (!some) return null;
      await this.changed(signal);
    }
    return null;
  }

  /**
   * Waits while a worker has an earlier job of this stream in another task. Two workers must not use one stream.
   *
   * @returns `false` if this process no longer has the job.
   */
  async #isAlone(job: Job, signal: AbortSignal): Promise<boolean> {
    while (await this.#isBusy(job)) {
      await this.changed(signal);
      if (signal.aborted) await job.putBack();
      if (signal.aborted || job.lost.aborted) return false;
    }
    return true;
  }

  async #isBusy({ task, stream }: Job): Promise<boolean> {
    const others = (await this.tasks()).filter((other) => other !== task).map((other) => this.#nameOf(other));
    if (others.length === 0) return false;
    const name = this.#nameOf(task);
    const [{ is_busy: isBusy }] = await this.#rows<{ is_busy: boolean }>(
      earlierJobSql(SCHEMA),
      [others, others.map((other) => idOf(other, stream)), name, idOf(name, stream)],
    ) as [{ is_busy: boolean }];
    return isBusy;
  }

  #job(task: string, job: BossJob<{ stream: string }>): Job {
    const name = this.#nameOf(task);
    const { lost, expiring, end } = this.#held.hold(name, job);
    const ending = (tell: () => Promise<unknown>) => async () => {
      if (end()) await persistently(tell);
    };
    return {
      task,
      stream: job.data.stream,
      lost,
      expiring,
      done: ending(() => this.#boss.complete(name, job)),
      failed: ending(() => this.#boss.cancel(name, job)),
      putBack: ending(async () => {
        await this.#boss.fail(name, job);
        await this.#tell();
      }),
    };
  }

  async counts(task: string): Promise<JobCounts> {
    const rows = await this.#rows<{ state: string; count: number }>(
      `select state, count(*)::int as count from ${SCHEMA}.job where name = $1 group by state`,
      [this.#nameOf(task)],
    );
    const counted = (...states: readonly string[]) =>
      rows.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0);
    return {
      waiting: counted("created", "retry"),
      active: counted("active"),
      done: counted("completed"),
      failed: counted("cancelled", "failed"),
    };
  }

  async close(): Promise<void> {
    const held = this.#held.close();
    try {
      await this.#unlisten();
      for (const [name, jobs] of Map.groupBy(held, ({ name }) => name)) {
        await persistently(() => this.#boss.fail(name, jobs.map(({ job }) => job)));
      }
      await this.#tell();
    } finally {
      this.#wake();
      await this.#boss.stop({ graceful: false });
    }
  }

  #nameOf(task: string): string {
    return `${this.#run}/${task}`;
  }

  async #exists(task: string): Promise<boolean> {
    if (!this.#known.has(task) && (await this.tasks()).includes(task)) this.#known.add(task);
    return this.#known.has(task);
  }

  async #rows<Row>(text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const { rows } = await persistently(() => this.#boss.getDb().executeSql(text, [...values]));
    return rows;
  }

  /** Tells all workers of this run that jobs wait. */
  async #tell(): Promise<void> {
    await this.#rows("select pg_notify($1, $2)", [CHANNEL, this.#run]);
  }

  #wake(): void {
    for (const wake of [...this.#waiters]) wake();
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, POLL_MS);
      this.#waiters.add(wake);
      if (signal.aborted) wake();
      else signal.addEventListener("abort", wake);
    });
  }
}
