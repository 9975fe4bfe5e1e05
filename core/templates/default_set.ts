/**
 * The set `default`. Logs contain hashes of its prompts. So a released version of the set must never change.
 */
import type { TemplateSet } from "../events/template_set.ts";

const ATTRIBUTES = `{% if attributes %} About you:{% endif %}

{% for attribute in attributes %}
- {{ attribute.name }}: {{ attribute.value }}
{% endfor %}`;

/** English prompts. All comments are in one user message. */
export const defaultSet: TemplateSet = {
  name: "default",
  layout: "transcript",
  participantSystem: `{% filter trim %}
{{ context | trim }}

{% filter trim %}
You are {{ name }}.${ATTRIBUTES}
{% endfilter %}
{% if role.instructions | trim %}


{{ role.instructions | trim }}
{%- endif %}
{% if instructions | trim %}


{{ instructions | trim }}
{% endif %}
{% endfilter %}`,
  participant: `{% if comments %}
The last comments of the discussion:

{{ comments }}

{% endif %}
{% if first %}Nobody has spoken yet. Open the discussion, {{ name }}.{% else %}It is your turn, {{ name }}.{% endif %} Write only your own comment.`,
  moderatorSystem: `{% filter trim %}
{{ context | trim }}

{% filter trim %}
You are {{ name }}, the moderator.${ATTRIBUTES}
{% endfilter %}


{{ instructions | trim }}
{% endfilter %}`,
  moderator: `{% if comments %}
The last comments of the discussion:

{{ comments }}

{% endif %}
{% if first %}Nobody has spoken yet. {% endif %}You are the moderator, {{ name }}. Write only your own comment.{% if mayBeSilent %} If there is no need to step in, {% if passWord %}answer only with {{ passWord }}{% else %}leave your answer empty{% endif %}.{% endif %}`,
  annotatorSystem: `{% filter trim %}
{% if attributes %}
{% filter trim %}
You are {{ name }}.${ATTRIBUTES}
{% endfilter %}


{% endif %}
{{ instructions | trim }}
{% endfilter %}`,
  annotator: `{% if comments %}
The last comments of the discussion:

{{ comments }}

{% endif %}
{% if scales | length == 1 %}
{% set scale = scales[0] %}
{{ scale.question }}
{%- if scale.type == "text" %}
 Answer with {{ scale.form }}.
{%- elif scale.type == "ordinal" and scale.labels %}
{% for label in scale.labels %}

{{ label.value }}: {{ label.label }}
{%- endfor %}

Answer only with the number.
{%- else %}
 Answer only with {{ scale.form }}.
{%- endif %}
{% else %}
Answer these questions about the last comment.{% for scale in scales %}


{{ scale.name }}: {{ scale.question }} ({{ scale.form }})
{%- if scale.type == "ordinal" and scale.labels %}
{% for label in scale.labels %}

{{ label.value }}: {{ label.label }}
{%- endfor %}
{% endif %}
{% endfor %}


Answer only with a JSON object that has these members:
{%- for scale in scales %}
 {{ scale.name | tojson }}{% if not loop.last %},{% endif %}
{% endfor %}
.
{%- endif %}`,
  comment: "{{ author }}: {{ indented }}",
};
