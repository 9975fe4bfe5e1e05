/** Turns messages into the tokens of a prompt, with the model's own chat template. */
import { type Message, ModelError } from "../../../core/ports/model.ts";
import { parseTemplate } from "../../../core/templates/mod.ts";
import { reasonOf } from "../shared/protocol.ts";
import type { GgufModel } from "./gguf_model.ts";

/**
 * Some templates write today's date. A prompt must not depend on the day, so every template gets this date. It is
 * the one that Llama's templates write if they have no clock.
 */
const DATE: Readonly<Record<string, string>> = { d: "26", b: "Jul", B: "July", m: "07", Y: "2024", y: "24" };

/** Makes the function that turns messages into tokens. Throws a `ModelError` if the model has no usable template. */
export function promptEncoder(
  model: GgufModel,
  name: string,
): (messages: readonly Message[]) => readonly number[] {
  const unusable = (reason: string) =>
    new ModelError("unknown-model", `Cannot use the model "${name}": ${reason}`);
  const source = model.chatTemplate;
  if (source === null) {
    throw unusable("it has no chat template; use a model that is trained to follow instructions");
  }
  const withoutControls = controlBreaker(model);
  const { firstToken, specialTexts } = model;
  try {
    const template = parseTemplate("chat template", source);
    const encode = (messages: readonly Message[]) => {
      const text = template.render({
        ...specialTexts,
        messages: messages.map((message) => ({ ...message })),
        add_generation_prompt: true,
        strftime_now: (format: string) => format.replace(/%(\w)/g, (all, letter) => DATE[letter] ?? all),
      });
      const tokens = model.encode(text, true);
      return firstToken === null || tokens[0] === firstToken ? tokens : [firstToken, ...tokens];
    };
    const encodePrompt = (messages: readonly Message[]) => {
      const harmless = messages.map(({ role, content }) => ({ role, content: withoutControls(content) }));
      try {
        return encode(harmless);
      } catch (error) {
        // Some templates refuse system messages. Then the system message's text goes before the first user message.
        const [system, user, ...rest] = harmless;
        if (system?.role !== "system" || user?.role !== "user") throw error;
        return encode([{ role: "user", content: `${system.content}\n\n${user.content}` }, ...rest]);
      }
    };
    encodePrompt([{ role: "user", content: "Hello." }]);
    return encodePrompt;
  } catch (error) {
    throw unusable(`its chat template fails: ${reasonOf(error)}`);
  }
}

/** Breaks control tokens up, so that a comment cannot end its own message. */
function controlBreaker(model: GgufModel): (content: string) => string {
  const texts = model.controlTexts().filter((text) => text.length > 1).sort((a, b) => b.length - a.length);
  if (texts.length === 0) return (content) => content;
  const any = new RegExp(texts.map((text) => RegExp.escape(text)).join("|"), "g");
  return (content) => content.replace(any, (text) => `${text[0]} ${text.slice(1)}`);
}
