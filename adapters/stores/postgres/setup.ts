/** The tables of runs in a database, and their versions. */
import { RunError } from "../../../core/run_log/mod.ts";
import type { Address } from "./address.ts";
import type { Connection, Sql } from "./connection.ts";
import { isNotAllowed } from "./database_errors.ts";
import { LIMIT_TABLES } from "./limit_tables.ts";

/** The first halves of the numbers of advisory locks. Other programs in the same database use other numbers. */
export const LOCKS = {
  /** A living writer; the second half is its token. */
  writer: 1_398_361_668,
  /** The description of a run, which one process at a time changes; the second half is a hash of the run's name. */
  run: 1_398_361_669,
  /** The setup. */
  setup: 1_398_361_670,
} as const;

/**
 * The statements of each version of the setup, oldest first. A published version never changes.
 *
 * Names and texts are compared by their bytes ("C"), so that two names are equal only if all their characters are
 * equal.
 */
const VERSIONS: readonly string[] = [
  `
create table syndisco.runs (
  id int generated always as identity primary key,
  name text collate "C" not null unique,
  created_at timestamptz not null default now()
);

-- The logs. The stream '' is the log of the run as a whole, the others are discussions. Rows are only ever added.
create table syndisco.events (
  run int not null,
  stream text collate "C" not null,
  seq int not null,
  line text not null,
  primary key (run, stream, seq)
);

-- What a run keeps besides its logs, under the names that it has in the folder of a run.
create table syndisco.files (
  run int not null references syndisco.runs on delete cascade,
  name text collate "C" not null,
  content bytea not null,
  primary key (run, name)
);

-- The keys of people; null after the person withdrew.
create table syndisco.person_keys (
  run int not null references syndisco.runs on delete cascade,
  person_sha256 text collate "C" not null,
  person text not null,
  key bytea,
  primary key (run, person_sha256)
);

create sequence syndisco.tokens as int;

-- The processes that write to runs: each has a whole run, or one part of several, or shares the run with others.
create table syndisco.writers (
  token int primary key,
  run int not null references syndisco.runs on delete cascade,
  kind text not null check (kind in ('whole', 'part', 'shared')),
  part int,
  parts int,
  holder text not null,
  since timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index on syndisco.writers (run);

-- Which of the processes that share a run has a stream. A process that takes a stream gets a higher token.
create table syndisco.claims (
  run int not null,
  stream text collate "C" not null,
  token int not null,
  writer int not null references syndisco.writers on delete cascade,
  primary key (run, stream)
);
create index on syndisco.claims (writer);

create function syndisco.keep_events() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if not exists (select from syndisco.runs where id = old.run) then return old; end if;
  end if;
  raise exception 'events are never changed or deleted, except together with their whole run' using errcode = '42501';
end $$;
create trigger keep_events before update or delete on syndisco.events
  for each row execute function syndisco.keep_events();
create trigger keep_all_events before truncate on syndisco.events
  for each statement execute function syndisco.keep_events();

create function syndisco.delete_events() returns trigger language plpgsql as $$
begin
  delete from syndisco.events where run = old.id;
  return null;
end $$;
create trigger delete_events after delete on syndisco.runs for each row execute function syndisco.delete_events();
`,
  LIMIT_TABLES,
];

/** The version of the tables in a database; 0 if there are none. */
async function versionOf(sql: Sql): Promise<number> {
  const [there] = await sql`select to_regclass('syndisco.setup') is not null as is_there`;
  if (!there!.is_there) return 0;
  const [row] = await sql`select max(version) as version from syndisco.setup`;
  return row!.version ?? 0;
}

/**
 * Whether a database has tables of runs. Tables of an older version can be read, because later versions only add
 * tables.
 *
 * @throws {RunError} If a newer version of this program has made them.
 */
export async function isSetUp(sql: Sql, address: Address): Promise<boolean> {
  return await knownVersion(sql, address) > 0;
}

async function knownVersion(sql: Sql, { place }: Address): Promise<number> {
  const version = await versionOf(sql);
  if (version > VERSIONS.length) {
    throw new RunError(
      "newer-format",
      `Cannot use the database of "${place}": a newer version of this program has set it up (version ${version}). ` +
        "Use that version",
    );
  }
  return version;
}

/**
 * Makes the tables of runs that are missing.
 *
 * @throws {RunError} If an older version of this program has made the tables, and another user owns them.
 */
export async function setUp(connection: Connection): Promise<void> {
  const { address } = connection;
  if (await connection.run((sql) => knownVersion(sql, address)) === VERSIONS.length) return;
  await connection.transaction(async (sql) => {
    await sql`select pg_advisory_xact_lock(${LOCKS.setup}, 0)`;
    const [{ encoding }] = await sql`select current_setting('server_encoding') as encoding` as unknown as [
      { encoding: string },
    ];
    if (encoding !== "UTF8") {
      throw new RunError(
        "unusable",
        `Cannot keep runs in the database of "${address.place}": its encoding is ${encoding}. Use a database with the ` +
          "encoding UTF8 (createdb --encoding=UTF8 --template=template0)",
      );
    }
    const version = await versionOf(sql);
    if (version === 0) {
      await sql`create schema if not exists syndisco`;
      await sql`create table syndisco.setup (version int primary key, at timestamptz not null default now())`;
    }
    for (const [index, statements] of VERSIONS.entries()) {
      if (index < version) continue;
      try {
        await sql.unsafe(statements);
      } catch (cause) {
        if (version === 0 || !isNotAllowed(cause)) throw cause;
        throw new RunError(
          "unusable",
          `Cannot write to the database of "${address.place}": an older version of this program has set it up, so tables ` +
            "are missing. Let the owner of its tables give the same command once: this adds the missing tables",
          { cause },
        );
      }
      await sql`insert into syndisco.setup (version) values (${index + 1})`;
    }
  });
}
