/** The cases of all stores, against a real server. */
import { eventStoreConformance } from "../../../core/ports/event_store_conformance.ts";
import { runConformance } from "../../../core/ports/run_conformance.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";
import { parseAddress } from "./address.ts";
import { AppendQueue } from "./append_queue.ts";
import { Connection } from "./connection.ts";
import { PostgresEventStore } from "./event_store.ts";
import { Notices } from "./notices.ts";
import { PostgresPersonKeys } from "./person_keys.ts";
import { postgresRun } from "./postgres_run.ts";
import { databaseTestOf, newDatabase } from "./testing/database.ts";

const makeRun = async () => {
  const place = `${await newDatabase()}/sample`;
  return { home: postgresRun(place), again: () => postgresRun(place), cleanup: () => Promise.resolve() };
};

for (const { name, ignore, fn } of runConformance("postgresRun()", makeRun)) {
  const definition = databaseTestOf(name);
  Deno.test({ ...definition, ignore: ignore || definition.ignore, fn });
}

/** Two stores with the token of one writer, as if a process had opened the streams again. */
const makeStore = async () => {
  const place = `${await newDatabase()}/sample`;
  const writer = await postgresRun(place).open(sampleRun());
  const connection = new Connection(parseAddress(place), { max: 4, isKept: false });
  const [row] = await connection.run((sql) => sql`select run, token from syndisco.writers`);
  const { run, token } = row as Readonly<{ run: number; token: number }>;
  const open = () => {
    const notices = new Notices(connection, run);
    const queue = new AppendQueue(connection, {
      run,
      tokensOf: "writers",
      tokenOf: () => token,
      onGrowth: (streams) => notices.announce(streams),
    });
    const keys = new PostgresPersonKeys(connection, run);
    return new PostgresEventStore({ connection, run, notices, keys, queue });
  };
  return { store: open(), reopen: () => Promise.resolve(open()), cleanup: () => writer.close() };
};

for (const { name, ignore, fn } of eventStoreConformance("PostgresEventStore", makeStore)) {
  const definition = databaseTestOf(name);
  Deno.test({ ...definition, ignore: ignore || definition.ignore, fn });
}
