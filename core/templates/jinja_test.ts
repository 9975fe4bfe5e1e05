import assert from "node:assert/strict";
import { parseTemplate, TemplateError } from "./mod.ts";

function errorOf(source: string, variables: Record<string, unknown> = {}): string {
  try {
    const text = parseTemplate("set.comment", source).render(variables);
    return `no error, but "${text}"`;
  } catch (error) {
    assert.ok(error instanceof TemplateError);
    assert.ok(error.message.startsWith('Cannot render the template "set.comment": line '), error.message);
    return `${error.line}:${error.column} ${error.reason}`;
  }
}

Deno.test("parseTemplate() renders the constructs that Jinja's documentation shows", () => {
  const cases: readonly (readonly [source: string, variables: Record<string, unknown>, text: string])[] = [
    ["Hello {{ name }}!", { name: "Ann" }, "Hello Ann!"],
    ["{% if name %}a{% else %}b{% endif %}", { name: "" }, "b"],
    ["{% if not name %}a{% elif first %}b{% else %}c{% endif %}", { name: "x", first: true }, "b"],
    ["{% for x in xs %}{{ loop.index }}:{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}", {
      xs: ["a", "b"],
    }, "1:a, 2:b"],
    ["{% for x in xs %}{{ x }}{% else %}none{% endfor %}", { xs: [] }, "none"],
    ["{% for key, value in persona.items() %}{{ key }}={{ value }};{% endfor %}", {
      persona: { age: 34, __proto__x: "y" },
    }, "age=34;__proto__x=y;"],
    ["{% set x = name | upper %}{{ x }}{# no text #}", { name: "ann" }, "ANN"],
    ["{% macro hi(x) %}hi {{ x }}{% endmacro %}{{ hi(name) }}", { name: "Ann" }, "hi Ann"],
    ["{{ persona.age | default('?') }}", { persona: {} }, "?"],
    ["{% for x in range(5) %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% endfor %}", {}, "01"],
    ['{{ {"a": name} | tojson }}', { name: 'say "}}" é' }, '{"a": "say \\"}}\\" é"}'],
    ["{% if first %}\n  a\n  {% endif %}\nb\n", { first: true }, "  a\nb"],
  ];
  for (const [source, variables, text] of cases) {
    assert.equal(parseTemplate("set.comment", source).render(variables), text, source);
  }
});

Deno.test("parseTemplate() never renders the text of a variable as a template", () => {
  const text = "{{ name }}{% if %}{# x #}$&";
  assert.equal(parseTemplate("set.comment", "{{ text }}").render({ text }), text);
  assert.equal(parseTemplate("set.comment", "{{ text | trim }}").render({ text }), text);
});

Deno.test("parseTemplate() reports the line and column of a mistake", () => {
  assert.equal(errorOf("a\n  {{ name"), "2:3 Unexpected end of input");
  assert.equal(errorOf("{{ ok }}\nä {% if x %}b"), "2:3 the block is not closed");
  assert.equal(errorOf("{{ ok }}\n\n{% iff x %}b{% endif %}"), "3:1 Unknown statement type: iff");
  assert.equal(errorOf("a{{ name ! }}"), "1:2 Unexpected character: !");
  assert.equal(errorOf("{{ 'a' }}\n{% for in x %}{% endfor %}").slice(0, 4), "2:1 ");
  assert.equal(errorOf("{{ name }}\n{{ name | shout }}", { name: "x" }).slice(0, 4), "2:1 ");
  assert.equal(errorOf("{% if a %}{{ a.b.c }}{% endif %}", { a: { x: 1 } }).slice(0, 5), "1:11 ");
});

Deno.test("parseTemplate() refuses to write a value that does not exist", () => {
  assert.equal(errorOf("a\n{{ nme }}"), "2:1 {{ nme }} has no value");
  assert.equal(
    errorOf("{% if first %}x{% endif %} {{ persona.age }}", { first: true, persona: {} }),
    "1:28 {{ persona.age }} has no value",
  );
  assert.equal(errorOf("{{ 'a' ~ persona.age }}", { persona: {} }).slice(0, 4), "1:1 ");
  assert.equal(
    errorOf("{{ persona.age }}", { name: "Ann", persona: {} }),
    '1:1 {{ persona.age }} has no value for "Ann"',
  );
});

Deno.test("parseTemplate() limits the steps of loops in loops, and the length of texts", () => {
  const loops = "{% for x in range(10000) %}".repeat(3) + "a" + "{% endfor %}".repeat(3);
  assert.match(
    errorOf(loops),
    /^1:\d+ the template takes more than 200000 steps: use fewer or shorter loops$/,
  );
  const doubled = "{% set text = namespace(all='ab') %}{% for x in range(100) %}" +
    "{% set text.all = text.all ~ text.all %}{% endfor %}{{ text.all }}";
  assert.match(errorOf(doubled), /^1:\d+ the template makes a text of more than 10000000 characters$/);
});

Deno.test("parseTemplate() gives templates no clock, and limits range()", () => {
  assert.equal(errorOf("{{ strftime_now('%Y') }}").slice(0, 4), "1:1 ");
  assert.equal(
    errorOf("{% for x in range(1000000000) %}{% endfor %}"),
    "1:1 range() gives at most 10000 numbers",
  );
});

Deno.test("parseTemplate() lists the variables that a template uses but does not set", () => {
  const source = "{% set x = name %}{% for a, b in persona.items() %}{{ a }}{{ loop.index }}{% endfor %}" +
    "{% macro m(y, z=first) %}{{ y ~ z }}{% endmacro %}{{ m(y=x) | replace(old, 'b') }}{{ q is defined }}" +
    "{{ {'k': v}['k'] }}{{ l[i:j] }}";
  const template = parseTemplate("set.comment", source);
  assert.deepEqual(template.uses, ["first", "i", "j", "l", "name", "old", "persona", "q", "v"]);
  const { line, column } = parseTemplate("set.comment", "name {{ x.name }}\n {{ name }}").mistakeAt(
    "name",
    "",
  );
  assert.deepEqual([line, column], [2, 5]);
});
