/** A process that asks a local model one question, for a test of the permissions that this needs. */
import { transformersAdapter } from "../adapter.ts";
import { NEVER, patientClock, question } from "./local_models.ts";

const spec = { adapter: "transformers", sampling: {}, options: { model: Deno.args[0]! } };
const model = await transformersAdapter.create(spec, { env: () => undefined, clock: patientClock });
const { usage } = await model.generate(question("Hello?"), NEVER);
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(usage)));
await model.close!();
