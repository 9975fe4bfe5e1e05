/** The worker that simulates experiments. */
import type { Unavailable } from "../../analysis/mod.ts";
import {
  type Experiments,
  type PlannedStudy,
  type PowerTally,
  simulateExperiments,
} from "../../analysis/power/mod.ts";
import { serve } from "./worker_pool.ts";

/** A request: the experiments of a study that the worker simulates. */
export type ToSimulate = Readonly<{ study: PlannedStudy; experiments: Experiments }>;

serve(({ study, experiments }: ToSimulate): PowerTally | Unavailable =>
  simulateExperiments(study, experiments)
);
