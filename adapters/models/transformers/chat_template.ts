/** The template that turns messages into a prompt, from wherever a model keeps it. Runs in the worker alone. */
import { join } from "node:path";
import { type PreTrainedTokenizer, Processor } from "@huggingface/transformers";
import { ModelError } from "../../../core/ports/model.ts";
import { reasonOf } from "./load_failure.ts";
import { TEMPLATE_FILES } from "./model_files.ts";
import type { LoadOrder } from "./protocol.ts";

/**
 * Gives a tokenizer the template of its model. Newer models keep it in a file of its own, which then counts, as it does
 * in Hugging Face's Python library; Transformers.js takes only the one in `tokenizer_config.json`.
 *
 * @param tokenizer The model's; its template is set.
 * @param order Which model.
 * @throws {ModelError} `unknown-model` when there is no template.
 */
export async function setChatTemplate(tokenizer: PreTrainedTokenizer, order: LoadOrder): Promise<void> {
  const own = order.isLocal
    ? await templateInFolder(order.model)
    : tokenizer.chat_template
    ? null
    : await templateOnHub(order);
  if (own !== null) tokenizer.chat_template = own;
  const template = tokenizer.chat_template as unknown;
  if (typeof template === "object" && template !== null && !("default" in template)) {
    throw unusable(
      order,
      `none of its chat templates (${Object.keys(template).join(", ")}) is named default`,
    );
  }
  if (!template) {
    throw unusable(order, "it has no chat template; take a model that was trained to follow instructions");
  }
}

/**
 * Tries a template out.
 *
 * @param encode Turns messages into tokens by it.
 * @param order Which model.
 * @throws {ModelError} `unknown-model` when it cannot even render one message.
 */
export function tryChatTemplate(
  encode: (messages: readonly { role: "user"; content: string }[]) => unknown,
  order: LoadOrder,
): void {
  try {
    encode([{ role: "user", content: "Hello." }]);
  } catch (error) {
    throw unusable(order, `its chat template fails: ${reasonOf(error)}`);
  }
}

async function templateInFolder(folder: string): Promise<string | null> {
  const [asText, asJson] = await Promise.all(
    TEMPLATE_FILES.map((name) => textOf(join(folder, name))),
  ) as [string | null, string | null];
  if (asText !== null) return asText;
  if (asJson === null) return null;
  const template: unknown = JSON.parse(asJson)?.chat_template;
  return typeof template === "string" ? template : null;
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The library fetches the file for models that take pictures; this is such a one without the pictures. */
class TemplateFile extends Processor {
  static override uses_chat_template_file = true;
}

/** A hub that does not have the file is no failure: that there is no template is told by the caller. */
async function templateOnHub({ model, revision }: LoadOrder): Promise<string | null> {
  return await TemplateFile.from_pretrained(model, { revision }).then(
    ({ chat_template: template }) => template,
    () => null,
  );
}

function unusable({ model }: LoadOrder, reason: string): ModelError {
  return new ModelError("unknown-model", `Cannot use the model "${model}": ${reason}`);
}
