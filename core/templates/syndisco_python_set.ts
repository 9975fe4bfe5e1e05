/**
 * The set `syndisco-python`: the prompts of the Python library's version 2.0, as JSON. Logs contain hashes of
 * its prompts. So a released version of the set must never change.
 */
import type { TemplateSet } from "../events/template_set.ts";

/** How Python's `json.dumps` writes a value. */
const JSON_TEXT = "tojson(ensure_ascii=true)";

/** The numbers of the library for types of actors: participants and moderators, and annotators. */
const SPEAKER = "1";
const ANNOTATOR = "2";

/** A system message. `instructions` is a Jinja expression. */
function actor(
  type: string,
  { context, instructions }: Readonly<Record<"context" | "instructions", string>>,
): string {
  return `{"context": {{ ${context} | ${JSON_TEXT} }}, "instructions": {{ (${instructions}) | ${JSON_TEXT} }}, ` +
    `"type": "${type}", "persona": {"username": {{ name | ${JSON_TEXT} }}` +
    `{% for key, value in persona | items %}{% if key != "username" %}` +
    `, {{ key | ${JSON_TEXT} }}: {{ value | ${JSON_TEXT} }}{% endif %}{% endfor %}}}`;
}

/** A user message with a content, which is a Jinja expression. */
function user(content: string): string {
  return `{"role": "user", "content": {{ (${content}) | ${JSON_TEXT} }}}`;
}

const SPEAKS = user(String.raw`comments + "\nUser " + name + " posted:"`);

/**
 * In the library, a participant has one text of instructions. So it has first the instructions of the role,
 * then the shared instructions.
 */
const PARTICIPANT_INSTRUCTIONS =
  String.raw`role.instructions + ("\n\n" if role.instructions and instructions else "") + ` +
  "instructions";

/**
 * English prompts in JSON. The library has no words for scales. Its users describe scales in the annotators'
 * instructions.
 */
export const syndiscoPythonSet: TemplateSet = {
  name: "syndisco-python",
  layout: "transcript",
  separator: "\n",
  participantSystem: actor(SPEAKER, { context: "context", instructions: PARTICIPANT_INSTRUCTIONS }),
  participant: SPEAKS,
  moderatorSystem: actor(SPEAKER, { context: "context", instructions: "instructions" }),
  moderator: SPEAKS,
  annotatorSystem: actor(ANNOTATOR, { context: '""', instructions: "instructions" }),
  annotator: `{% set questions %}
{% for scale in scales %}
{% if scales | length > 1 %}{{ scale.name }}: {% endif %}{{ scale.question }} ({{ scale.form }})
{%- for label in scale.labels %}{% if label.label != label.value %}
 {{ label.value }}: {{ label.label }}.
{%- endif %}{% endfor %}

{% endfor %}
{% if scales | length > 1 %}Answer only with a JSON object.{% else %}Answer only with the value.{% endif %}

{% endset %}
${user(String.raw`"Conversation so far:\n" + comments + "\n" + (questions | trim) + "\nOutput:"`)}`,
  comment: "User {{ author }} posted:\n{{ text }}",
};
