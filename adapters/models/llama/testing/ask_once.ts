/** Asks the model in a folder, and prints how many tokens its reply has. Usage: ask_once.ts FOLDER */
import { NEVER, question } from "../../transformers/testing/local_models.ts";
import { openGguf } from "./gguf_models.ts";

const model = await openGguf(Deno.args[0]!, {});
try {
  const { usage } = await model.generate(question("Hello?", { sampling: { maxTokens: 2 } }), NEVER);
  await Deno.stdout.write(new TextEncoder().encode(String(usage!.completionTokens)));
} finally {
  await model.close!();
}
