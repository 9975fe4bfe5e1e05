/**
 * Records in the database which process claims and appends, so that it can be checked from outside that only the owner of a stream
 * appends to it. Each process has a user of its own in the database, which tells it apart.
 */
import { Connection } from "../../../adapters/stores/postgres/connection.ts";
import { parseAddress } from "../../../adapters/stores/postgres/address.ts";

/**
 * Both triggers run while their statement has the lock of the claim. So their times are in the order of the
 * locks.
 */
const TRIGGERS = `
create schema chaos;
create table chaos.claims (stream text collate "C", worker name, at timestamptz);
create table chaos.appends (stream text collate "C", seq int, worker name, at timestamptz);
create index on chaos.claims (stream, at);
create function chaos.claimed() returns trigger language plpgsql as $$
begin
  insert into chaos.claims values (new.stream, session_user, clock_timestamp());
  return null;
end $$;
create trigger claimed after insert or update on syndisco.claims for each row execute function chaos.claimed();
create function chaos.appended() returns trigger language plpgsql as $$
begin
  insert into chaos.appends values (new.stream, new.seq, session_user, clock_timestamp());
  return null;
end $$;
create trigger appended after insert on syndisco.events for each row when (new.stream like '%.r%')
  execute function chaos.appended();
`;

/** A process, and the time from which it was frozen until it woke up, by the clock of the database. */
export type Frozen = Readonly<{ worker: string; from: Date; until: Date }>;

/** What the records of a run say. */
export type Findings = Readonly<{
  appends: number;
  /** Appends of processes that did not own the stream. There must be none. */
  stray: readonly Readonly<{ stream: string; seq: number; worker: string; owner: string }>[];
  /** How often a stream in progress went to another process. */
  takeOvers: number;
}>;

/** Watches a database from outside, while workers use it. */
export class Audit {
  readonly #connection: Connection;

  /** Does not connect yet. */
  constructor(address: string) {
    this.#connection = new Connection(parseAddress(address), { max: 2, isKept: true });
  }

  /** Begins to record. The tables of the runs must be there. */
  async begin(): Promise<void> {
    await this.#connection.transaction((sql) => sql.unsafe(TRIGGERS));
  }

  /** Makes a user of the database that may do everything. */
  async addUser(name: string): Promise<void> {
    await this.#connection.run((sql) =>
      sql.unsafe(
        `do $$ begin create role "${name}" superuser login; exception when duplicate_object then null; end $$`,
      )
    );
  }

  /** The time of the database. */
  async now(): Promise<Date> {
    const [row] = await this.#connection.run((sql) => sql<[{ now: Date }]>`select clock_timestamp() as now`);
    return row.now;
  }

  /** How many jobs there are, and how many of them are in each state. */
  async jobs(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#connection.run((sql) =>
      sql<{ state: string; count: number }[]>`
        select state::text, count(*)::int as count from syndisco_jobs.job group by state`
    );
    return new Map(rows.map(({ state, count }) => [state, count]));
  }

  /** How many jobs of annotation passes there are; 0 before the tables are made. */
  async passJobs(): Promise<number> {
    const [there] = await this.#connection.run((sql) =>
      sql`select to_regclass('syndisco_jobs.job') is not null as is_there`
    );
    if (!there!.is_there) return 0;
    const [row] = await this.#connection.run((sql) =>
      sql`select count(*)::int as count from syndisco_jobs.job where name like '%/annotation/%'`
    );
    return row!.count;
  }

  /** The number of events in the database. */
  async events(): Promise<number> {
    const [row] = await this.#connection.run((sql) =>
      sql`select count(*)::int as count from syndisco.events`
    );
    return row!.count;
  }

  /** The processes of the server that serve clients. */
  async backends(): Promise<readonly Readonly<{ pid: number; worker: string }>[]> {
    return await this.#connection.run((sql) =>
      sql<{ pid: number; worker: string }[]>`
        select pid, usename::text as worker from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid() and datname = current_database()
        order by pid`
    );
  }

  /** Ends connections. */
  async cut(pids: readonly number[]): Promise<void> {
    const list = `{${pids.join()}}`;
    await this.#connection.run((sql) =>
      sql`select pg_terminate_backend(pid) from unnest(${list}::int[]) as pid`
    );
  }

  /** How many streams others have taken from a process while it was frozen. */
  async takenFrom({ worker, from, until }: Frozen): Promise<number> {
    const [row] = await this.#connection.run((sql) =>
      sql`
        select count(distinct later.stream)::int as count from chaos.claims as later where at between ${from} and ${until}
        and worker <> ${worker} and ${worker} = (
          select worker from chaos.claims as before where before.stream = later.stream and before.at < ${from}
          order by at desc limit 1
        )`
    );
    return row!.count;
  }

  /** Looks for appends of processes that did not own the stream. */
  async findings(): Promise<Findings> {
    return await this.#connection.run(async (sql) => {
      const [{ appends }] = await sql`select count(*)::int as appends from chaos.appends` as unknown as [
        { appends: number },
      ];
      const [{ changes }] = await sql`
        select count(*) filter (where worker <> former)::int as changes from (
          select worker, lag(worker) over (partition by stream order by at) as former from chaos.claims
        ) as claim` as unknown as [{ changes: number }];
      const stray = await sql<{ stream: string; seq: number; worker: string; owner: string }[]>`
        select * from (
          select append.stream, append.seq, append.worker::text, (
            select claim.worker::text from chaos.claims as claim
            where claim.stream = append.stream and claim.at < append.at order by claim.at desc limit 1
          ) as owner from chaos.appends as append
        ) as append where worker is distinct from owner limit 10`;
      return { appends, stray: [...stray], takeOvers: changes };
    });
  }

  /** Ends the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.end();
  }
}
