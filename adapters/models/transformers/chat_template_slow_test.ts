import assert from "node:assert/strict";
import { type Changes, localModel, NEVER, question } from "./testing/local_models.ts";

/** A template that renders a mark and then the contents of the messages. Each byte of the mark is one token. */
const templateWith = (mark: string) =>
  `${mark}{% for message in messages %}{{ message.content }}{% endfor %}`;

/** The tokens of "You are Anna." and "Hello?", one for each byte. */
const SAID_TOKENS = 13 + 6;

const tokenizerConfig = (template: unknown) =>
  JSON.stringify({
    tokenizer_class: "PreTrainedTokenizerFast",
    eos_token: "<|im_end|>",
    pad_token: "<|endoftext|>",
    chat_template: template,
  });

async function promptTokens(files: Changes["files"], chatTemplate?: false): Promise<number> {
  await using made = await localModel({}, { files, ...(chatTemplate === false ? { chatTemplate } : {}) });
  const { usage } = await made.model.generate(question("Hello?", { sampling: { maxTokens: 1 } }), NEVER);
  return usage!.promptTokens;
}

const inJson = JSON.stringify({ chat_template: templateWith("12345") });

const TEMPLATES:
  readonly (readonly [where: string, tokens: number, files: Changes["files"], none?: false])[] = [
    ["in chat_template.jinja", 3, { "chat_template.jinja": templateWith("123") }, false],
    ["in chat_template.json", 5, { "chat_template.json": inJson }, false],
    ["in chat_template.jinja, even if other files have one", 3, {
      "chat_template.jinja": templateWith("123"),
      "chat_template.json": inJson,
    }],
    ["in a list of templates", 2, {
      "tokenizer_config.json": tokenizerConfig([
        { name: "tool_use", template: templateWith("1234567") },
        { name: "default", template: templateWith("12") },
      ]),
    }],
  ];

for (const [where, tokens, files, none] of TEMPLATES) {
  Deno.test(`a local model uses a chat template ${where}`, async () => {
    assert.equal(await promptTokens(files, none), tokens + SAID_TOKENS);
  });
}

const UNUSABLE: readonly (readonly [title: string, files: Changes["files"], message: RegExp])[] = [
  [
    "in a list without a default template",
    { "tokenizer_config.json": tokenizerConfig([{ name: "tool_use", template: templateWith("") }]) },
    /: none of its chat templates \(tool_use\) is named default$/,
  ],
  ["that cannot be parsed", { "chat_template.jinja": "{% for %}" }, /: its chat template fails: \S/],
  [
    "in a file that is not JSON",
    { "chat_template.json": "{" },
    /^Cannot load the model in ".*": the file chat_template\.json is not JSON/,
  ],
];

for (const [title, files, message] of UNUSABLE) {
  Deno.test(`a local model refuses a chat template ${title}`, async () => {
    await assert.rejects(promptTokens(files), { name: "ModelError", kind: "unknown-model", message });
  });
}

Deno.test("a local model puts the system message before the user message if its chat template refuses system messages", async () => {
  const strict =
    "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" +
    templateWith("1");
  // Two line breaks separate the two messages.
  assert.equal(await promptTokens({ "chat_template.jinja": strict }), 1 + SAID_TOKENS + 2);
});
