/** The tables of limits that workers share. */

/**
 * A board changes about once a second for each worker, and its state is useless when its workers have ended. So the
 * state is in tables that are not logged, and no commit waits for the disk. A crash of the server empties these tables.
 * The row of the board itself is logged, so a board without a state shows the crash.
 */
export const LIMIT_TABLES = `
create table syndisco.limit_boards (
  run int primary key references syndisco.runs on delete cascade
);

create unlogged table syndisco.limit_states (
  run int primary key references syndisco.runs on delete cascade,
  state text not null
) with (fillfactor = 20);

-- The workers: what each has of the limits, when it reported last, and the connection that it uses.
create unlogged table syndisco.limit_workers (
  run int not null references syndisco.runs on delete cascade,
  worker text collate "C" not null,
  seen_ms float8 not null,
  state text not null,
  backend int not null,
  primary key (run, worker)
) with (fillfactor = 50);
`;
