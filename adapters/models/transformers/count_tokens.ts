/** Counts the tokens of prompts to a local model from its small files, without its weights and without native code. */
import { join, resolve } from "node:path";
import { Tokenizer } from "npm:@huggingface/tokenizers@0.2.0";
import type { ModelSpec } from "../../../core/events/mod.ts";
import type { Message } from "../../../core/ports/model.ts";
import { parseTemplate } from "../../../core/templates/mod.ts";
import { TEMPLATE_FILES } from "./model_files.ts";

type Config = Readonly<Record<string, unknown>>;

/** Counts the tokens of a prompt; `null` if the count is not known. */
export type TokenCounter = (messages: readonly Message[]) => number | null;

/**
 * Reads the tokenizer and the chat template of a local model.
 *
 * @param folder The base folder of the model's relative path.
 * @returns `null` if the model is in no folder, or its chat template uses values that only its library knows.
 */
export async function tokenCounter({ options }: ModelSpec, folder: string): Promise<TokenCounter | null> {
  const model = resolve(folder, String(options.model));
  const [tokenizerText, configText, templateText, templateJson] = await Promise.all(
    ["tokenizer.json", "tokenizer_config.json", ...TEMPLATE_FILES].map((name) => textOf(join(model, name))),
  );
  if (tokenizerText == null || configText == null) return null;
  try {
    const config: Config = JSON.parse(configText);
    const definition: Config = JSON.parse(tokenizerText);
    const source = templateText ??
      (templateJson == null ? config.chat_template : JSON.parse(templateJson).chat_template);
    if (typeof source !== "string") return null;
    const template = parseTemplate("chat template", source);
    const known: Config = {
      messages: [],
      add_generation_prompt: true,
      ...Object.fromEntries(TOKENS.map((name) => [name, tokenOf(config[name])])),
    };
    if (template.uses.some((name) => !(name in known))) return null;
    const tokenizer = new Tokenizer(definition, config);
    const special = specialTokens(definition);
    return (messages) => {
      const harmless = messages.map(({ role, content }) => ({ role, content: brokenUp(content, special) }));
      try {
        const text = template.render({ ...known, messages: harmless });
        return tokenizer.encode(text, { add_special_tokens: false }).ids.length;
      } catch {
        // Some templates refuse system messages. Then the count is not known.
        return null;
      }
    };
  } catch {
    // A file is damaged, or its tokenizer is of an unknown kind. A run reports this when it loads the model.
    return null;
  }
}

/** The special tokens that chat templates name. */
const TOKENS = ["bos_token", "eos_token", "pad_token", "unk_token"] as const;

/** The text of a token. Older files write a token as an object. */
function tokenOf(value: unknown): string {
  const content = typeof value === "object" && value !== null && "content" in value ? value.content : value;
  return typeof content === "string" ? content : "";
}

function specialTokens({ added_tokens: added }: Config): readonly string[] {
  return (Array.isArray(added) ? added as { content: string; special: boolean }[] : [])
    .filter(({ special, content }) => special && content.length > 1).map(({ content }) => content);
}

/** Breaks up special tokens, as the adapter does, so that a comment cannot end its own message. */
function brokenUp(content: string, special: readonly string[]): string {
  return special.reduce(
    (text, token) => text.replaceAll(token, `${token[0]} ${token.slice(1)}`),
    content,
  );
}

async function textOf(path: string): Promise<string | null> {
  return await Deno.readTextFile(path).catch(() => null);
}
