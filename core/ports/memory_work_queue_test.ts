import { memoryWorkQueues } from "./memory_work_queue.ts";
import { workQueueConformance } from "./work_queue_conformance.ts";

const makeHarness = () => {
  const { open, presumeDead } = memoryWorkQueues();
  return Promise.resolve({
    queue: open(),
    another: () => Promise.resolve(open()),
    presumeDead: (worker: ReturnType<typeof open>) => Promise.resolve(presumeDead(worker)),
    cleanup: () => Promise.resolve(),
  });
};

for (const test of workQueueConformance("memoryWorkQueues()", makeHarness)) Deno.test(test);
