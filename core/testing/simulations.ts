/** What simulations need from the machine that they run on. */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers";
import type { SimulationOptions } from "../simulation/mod.ts";

/** The machine's own hash function, and its event loop. */
export const SIMULATED_ON: SimulationOptions = {
  sha256: (text) => createHash("sha256").update(text).digest("hex"),
  settle: () => new Promise((resolve) => setImmediate(resolve)),
};
