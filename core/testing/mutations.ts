/** Random changes to valid files and logs, for tests of the code that reads them. */
import fc from "fast-check";

/** Values that a file with mistakes can have in any place. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  "",
  " ",
  "none",
  "0",
  "\u0000\u001b[2J",
  "\u202e",
  "__proto__",
  "constructor",
  "./missing.ts",
  "missing.json",
  "../../..",
  "x".repeat(10_000),
  "{{unknown}}",
  0,
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 1,
  Infinity,
  -Infinity,
  NaN,
  [],
  [[]],
  [null],
  ["a", "a"],
  {},
  { name: null },
  { label: "a", value: null },
  { toString: "text" },
  JSON.parse('{"__proto__": {"turns": 1}}'),
  JSON.parse(`${"[".repeat(150)}${"]".repeat(150)}`),
];

const ODD_KEYS = [
  "",
  "__proto__",
  "constructor",
  "toString",
  "0",
  "a.b",
  "models",
  "name",
  "turns",
  "x".repeat(300),
];

type Node = Record<string, unknown> | unknown[];
type Place = Readonly<{ node: Node; key: string | number }>;

/** One change to a tree of values. `place` chooses the member that changes, and `other` the member that is copied. */
type Change = Readonly<
  { place: number; other: number; odd: unknown; key: string; kind: typeof KINDS[number] }
>;

const KINDS = ["replace", "remove", "repeat", "rename", "add", "copy", "wrap", "unwrap"] as const;

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(),
  other: fc.nat(),
  odd: fc.oneof(fc.constantFrom(...ODD_VALUES), fc.jsonValue()),
  key: fc.constantFrom(...ODD_KEYS),
  kind: fc.constantFrom(...KINDS),
});

/** Makes one to three changes to a value. Their kinds are in `KINDS`. */
export function changedValue(value: unknown): fc.Arbitrary<unknown> {
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const changed = structuredClone(value);
    for (const each of changes) apply(changed, each);
    return changed;
  });
}

function apply(root: unknown, { place, other, odd, key, kind }: Change): void {
  const places = [...placesIn(root)];
  if (places.length === 0) return;
  const { node, key: at } = places[place % places.length]!;
  const value = valueAt({ node, key: at });
  switch (kind) {
    case "replace":
      return set(node, at, odd);
    case "copy":
      return set(node, at, structuredClone(valueAt(places[other % places.length]!)));
    case "wrap":
      return set(node, at, other % 2 === 0 ? [value] : { [key]: value });
    case "unwrap":
      return set(
        node,
        at,
        typeof value === "object" && value !== null ? Object.values(value)[0] : [value, value],
      );
    case "remove":
    case "rename":
    case "repeat":
    case "add":
      if (Array.isArray(node)) node.splice(Number(at), kind === "remove" ? 1 : 0, structuredClone(value));
      else rebuild(node, at, { kind, key, value: kind === "add" ? odd : value });
      return;
    default:
      return kind satisfies never;
  }
}

/** Changes one key of an object, and keeps the order of the keys. */
function rebuild(
  node: Record<string, unknown>,
  at: string | number,
  { kind, key, value }: Readonly<{ kind: string; key: string; value: unknown }>,
): void {
  const entries = Object.entries(node);
  for (const name of Object.keys(node)) delete node[name];
  for (const [name, held] of entries) {
    if (name !== at || kind === "repeat" || kind === "add") set(node, name, held);
    if (name === at && kind !== "remove") set(node, key, value);
  }
}

/** Sets any key, even `__proto__`. An assignment to `__proto__` would change the prototype. */
function set(node: Node, key: string | number, value: unknown): void {
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
}

function valueAt({ node, key }: Place): unknown {
  return (node as Record<string | number, unknown>)[key];
}

function* placesIn(value: unknown): Generator<Place> {
  if (typeof value !== "object" || value === null) return;
  const node = value as Node;
  for (const key of Object.keys(node)) {
    yield { node, key: Array.isArray(node) ? Number(key) : key };
    yield* placesIn(valueAt({ node, key }));
  }
}

const SNIPPETS = [
  "\t",
  ":",
  "- ",
  "*a",
  "&a ",
  "!!binary ",
  "---\n",
  "{",
  "]",
  "|\n",
  "? ",
  "<<: ",
  "#",
  "\u0000",
  "'",
];

/** Makes one to three changes to a text: a passage is removed, inserted, or repeated in another place. */
export function changedText(text: string): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(text.length),
    removed: fc.nat(40),
    added: fc.oneof(
      fc.constantFrom("", ...SNIPPETS),
      fc.nat(text.length).map((from) => text.slice(from, from + 60)),
    ),
  });
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) =>
    edits.reduce((all, { at, removed, added }) => all.slice(0, at) + added + all.slice(at + removed), text)
  );
}
