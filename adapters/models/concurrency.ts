/** How many requests a model bears at once. */
import { z } from "zod";

/**
 * Requests in flight, where the experiment does not say. Servers that batch (vLLM, TGI) take 256 sequences at a time
 * by default and hosted ones limit by the minute; 64 keeps either busy and leaves room for others.
 */
export const REQUESTS_IN_FLIGHT_DEFAULT = 64;

/** Most requests in flight. */
export const REQUESTS_IN_FLIGHT_MAX = 10_000;

const error = `a whole number from 1 to ${REQUESTS_IN_FLIGHT_MAX}`;

/** The option `concurrency` of every adapter. */
export const concurrencySchema: z.ZodDefault<z.ZodInt> = z.int({ error }).min(1, { error })
  .max(REQUESTS_IN_FLIGHT_MAX, { error })
  .default(REQUESTS_IN_FLIGHT_DEFAULT)
  .describe("Requests in flight at once");
