/** The worker that compares outcomes for a report. */
import { serve } from "../../adapters/workers/worker_pool.ts";
import { answerOutcomeTask } from "./outcome_task.ts";

serve(answerOutcomeTask);
