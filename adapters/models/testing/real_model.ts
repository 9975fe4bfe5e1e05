/** A small pretrained model for tests: SmolLM2-135M-Instruct in a GGUF file, which a script fetches. */

export const REAL_MODEL_NAME = "SmolLM2-135M-Instruct.Q4_1.gguf";

const VARIABLE = "SYNDISCO_SMOLLM2";
const path = Deno.env.get(VARIABLE);

/** The path of the file. Throws if no variable names it. */
export function realModel(): string {
  if (path === undefined) throw new Error(`Cannot find the real model: ${LACK}`);
  return path;
}

const LACK = `python3 fixtures/models/smollm2.py FOLDER, and then ${VARIABLE}=FOLDER/${REAL_MODEL_NAME}`;

/** The name of a test that needs the model, and whether it is skipped. On CI, the test is never skipped. */
export function needsRealModel(name: string): Readonly<{ name: string; ignore: boolean }> {
  if (path !== undefined) return { name, ignore: false };
  return { name: `${name} (needs: ${LACK})`, ignore: Deno.env.get("CI") !== "true" };
}
