/** Small experiments, and what programs print of them. */

/** Lines of JSON, parsed; fails on anything else. */
// deno-lint-ignore no-explicit-any -- tests look into objects of many shapes
export function jsonLines(text: string): any[] {
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** An experiment file: three discussions of one condition, held through one model. */
export function experiment(model: string, turns = 4): string {
  return `name: tiny
seed: 7
models: { m: ${model} }
participants: { model: m, personas: [{ name: Anna }, { name: Ben }, { name: Chloe }] }
discussion: { turns: ${turns} }
design: { replications: 3 }
`;
}
