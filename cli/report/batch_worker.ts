/** The worker that reads batches of logs for a report. */
import { serve } from "../../adapters/workers/worker_pool.ts";
import { answerBatch } from "./read_batch.ts";

serve(answerBatch);
