/** The error of a simulation. */
import { BrokenPromise } from "./ledger.ts";

/** A simulation in which something happened that must never happen. */
export class SimulationFailure extends Error {
  /** Identifies errors of this class. */
  override readonly name = "SimulationFailure";

  /**
   * Says what happened, and how to repeat it.
   *
   * @param worlds The option of `deno task simulate` for worlds of this kind.
   */
  constructor(seed: number, cause: unknown, worlds: "seeds" | "shared" = "seeds") {
    const reason = cause instanceof BrokenPromise ? cause.message : String(cause);
    const counts = worlds === "seeds" ? "--seeds 1" : "--seeds 0 --shared 1";
    super(`Seed ${seed}: ${reason}\nTo repeat it: deno task simulate ${counts} --seed ${seed}`, { cause });
  }
}
