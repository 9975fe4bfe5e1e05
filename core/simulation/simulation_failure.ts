/** The error of a simulation. */
import { BrokenPromise } from "./ledger.ts";

/** A simulation in which something happened that must never happen. */
export class SimulationFailure extends Error {
  /** Tells this error from others. */
  override readonly name = "SimulationFailure";

  /** Says what happened, and how to repeat it. */
  constructor(seed: number, cause: unknown) {
    const reason = cause instanceof BrokenPromise ? cause.message : String(cause);
    super(`Seed ${seed}: ${reason}\nTo repeat it: deno task simulate --seeds 1 --seed ${seed}`, { cause });
  }
}
