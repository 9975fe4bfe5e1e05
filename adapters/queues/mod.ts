/**
 * Queues of jobs that the workers of a run share.
 *
 * @module
 */
export { openPostgresQueue, type PostgresQueueOptions } from "./postgres_queue.ts";
export { queueAt } from "./queue_at.ts";
