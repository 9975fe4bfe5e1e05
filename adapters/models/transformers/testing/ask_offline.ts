/** Asks a local model one question. A test runs this program with few permissions. */
import { transformersAdapter } from "../adapter.ts";
import { NEVER, patientClock, question } from "./local_models.ts";

const spec = { adapter: "transformers", sampling: {}, options: { model: Deno.args[0]! } };
const model = await transformersAdapter.create(spec, { env: () => undefined, clock: patientClock });
const { usage } = await model.generate(question("Hello?"), NEVER);
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(usage)));
await model.close!();
