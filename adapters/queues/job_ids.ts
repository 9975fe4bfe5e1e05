/** The ids of jobs. */
import { createHash } from "node:crypto";

/** A part of a queue's name that is always allowed in one, and tells runs apart. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** The id of the job for a stream in a queue. */
export function idOf(name: string, stream: string): string {
  return digest(`${name}\n${stream}`).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * Whether a worker has an earlier job of the same stream in another task. The parameters: names of the other queues, ids of the
 * jobs in them, and name and id of the own job.
 */
export function earlierJobSql(schema: string): string {
  return `select exists(
    select from unnest($1::text[], $2::uuid[]) as other (name, id) join ${schema}.job using (name, id)
    where state = 'active' and
      (started_on, name) < (select started_on, name from ${schema}.job where name = $3 and id = $4)
  ) as is_busy`;
}
