/** A worker for tests. It answers each question with the question, and ends itself for `close` and `exit`. */
import { serve } from "../worker_pool.ts";

serve((question: string) => {
  if (question === "close") globalThis.close();
  if (question === "exit") Deno.exit(1);
  // A worker that ends itself answers nothing more.
  return question === "answer" ? question : new Promise<string>(() => {});
});
