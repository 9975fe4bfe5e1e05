import { memoryRun } from "./memory_run.ts";
import { runConformance } from "./run_conformance.ts";

const makeHarness = () => {
  const home = memoryRun();
  return Promise.resolve({ home, again: () => home, cleanup: () => Promise.resolve() });
};

for (const test of runConformance("memoryRun()", makeHarness)) Deno.test(test);
