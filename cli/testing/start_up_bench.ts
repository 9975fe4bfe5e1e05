/** Measures the start of the program: its help, and a run of one turn. */
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const folder = await Deno.makeTempDir();
const empty = join(folder, "empty.ts");
await Deno.writeTextFile(empty, "");
const experiment = join(folder, "one_turn.yaml");
await Deno.writeTextFile(
  experiment,
  `
name: one-turn
seed: 1
models: { talker: { adapter: scripted } }
participants: { model: talker, personas: [{ name: Ada }] }
discussion: { turns: 1 }
`,
);

let runs = 0;

async function start(...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", ...args] }).output();
  if (!success) throw new Error(`Cannot measure "${args.join(" ")}": it failed`);
}

Deno.bench("an empty program", { group: "start-up", baseline: true }, async () => await start(empty));
Deno.bench("--help", { group: "start-up" }, async () => await start(MAIN, "--help"));
Deno.bench("run, one turn", { group: "start-up" }, async () => {
  await start(MAIN, "run", experiment, "--quiet", "--out", join(folder, `run${runs++}`));
});
