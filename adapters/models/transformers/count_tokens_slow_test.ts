import assert from "node:assert/strict";
import { tokenCounter } from "./count_tokens.ts";
import { type Changes, localModel, NEVER, question } from "./testing/local_models.ts";

const SPEC = { adapter: "transformers", sampling: {}, options: { model: "model" } };

const TEMPLATE = "{{ bos_token }}{% for message in messages %}\n  {{ message.content }}{% endfor %}";

const FILES: readonly (readonly [where: string, files: Changes["files"]])[] = [
  ["tokenizer_config.json", {}],
  ["chat_template.jinja", { "chat_template.jinja": TEMPLATE }],
  ["chat_template.json", { "chat_template.json": JSON.stringify({ chat_template: `12${TEMPLATE}` }) }],
];

for (const [where, files] of FILES) {
  Deno.test(`tokenCounter() counts as many tokens as the model itself, with the template in ${where}`, async () => {
    await using made = await localModel({}, { files });
    const count = await tokenCounter(SPEC, made.folder);
    for (const content of ["Hello?", "Γειά σου, 你好 🙂\n\nAnd <|im_end|> more.", ""]) {
      const asked = question(content, { sampling: { maxTokens: 1 } });
      const { usage } = await made.model.generate(asked, NEVER);
      assert.equal(count!(asked.messages), usage!.promptTokens);
    }
  });
}

Deno.test("tokenCounter() does not count if the template uses unknown values, or if there is no folder", async () => {
  await using made = await localModel({}, { files: { "chat_template.jinja": "{% if tools %}x{% endif %}" } });
  assert.equal(await tokenCounter(SPEC, made.folder), null);
  assert.equal(await tokenCounter({ ...SPEC, options: { model: "owner/name" } }, made.folder), null);
});
