import { workQueueConformance } from "../../core/ports/work_queue_conformance.ts";
import { newDatabase } from "../stores/postgres/testing/database.ts";
import { needsServer } from "../stores/postgres/testing/server.ts";
import type { WorkQueue } from "../../core/ports/mod.ts";
import { openPostgresQueue } from "./postgres_queue.ts";
import { PgBoss } from "npm:pg-boss@12.38.0";

async function makeHarness() {
  const address = await newDatabase();
  const { hostname: host, port, username: user, pathname } = new URL(address);
  const database = { host, port: Number(port), user, database: pathname.slice(1) };
  const another = () => openPostgresQueue({ database, run: "1" });
  const queue = await another();
  return {
    queue,
    another,
    /**
     * Moves the last sign of life of all workers into the past. Within a second or two, another worker counts them as
     * dead.
     */
    async presumeDead(_: WorkQueue) {
      const boss = new PgBoss({
        connectionString: address,
        schema: "syndisco_jobs",
        max: 1,
        schedule: false,
        registerInstance: false,
        supervise: false,
      });
      await boss.start();
      const { executeSql } = boss.getDb();
      for (;;) {
        const sql =
          "update syndisco_jobs.job set heartbeat_on = now() - interval '1 hour' where state = 'active' returning id";
        const { rows } = await executeSql.call(boss.getDb(), sql);
        if (rows.length === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await boss.stop({ graceful: false });
    },
    cleanup: () => queue.close(),
  };
}

for (const { name, ignore, fn } of workQueueConformance("openPostgresQueue()", makeHarness)) {
  const needed = needsServer(name);
  Deno.test({ name: needed.name, ignore: ignore || needed.ignore, fn });
}
