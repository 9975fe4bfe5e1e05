/**
 * The stub server as a process: prints its base URL, and runs until it is killed.
 *
 *     deno run --allow-net testing/openai_stub_main.ts --latency-ms 200 --port 0
 */
import { startOpenAiStub } from "./openai_stub.ts";

function flag(name: string): number {
  const index = Deno.args.indexOf(`--${name}`);
  return index === -1 ? 0 : Number(Deno.args[index + 1]);
}

const stub = startOpenAiStub({ latencyMs: flag("latency-ms"), port: flag("port") });
await Deno.stdout.write(new TextEncoder().encode(`${stub.baseUrl}\n`));
