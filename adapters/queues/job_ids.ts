/** The ids of jobs. */
import { createHash } from "node:crypto";

/** A hash of a text, as a part of a queue's name. It has only characters that such a name may have. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** The id of the job for a stream in a queue. */
export function idOf(name: string, stream: string): string {
  return digest(`${name}\n${stream}`).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * Whether a worker has an earlier job of the same stream in another task. The parameters of the statement: the names of
 * the other tasks' queues, the ids of the stream's jobs in them, and the name of the queue and the id of the job
 * itself.
 */
export function earlierJobSql(schema: string): string {
  return `select exists(
    select from unnest($1::text[], $2::uuid[]) as other (name, id) join ${schema}.job using (name, id)
    where state = 'active' and
      (started_on, name) < (select started_on, name from ${schema}.job where name = $3 and id = $4)
  ) as is_busy`;
}
