import assert from "node:assert/strict";
import { portableSha256 } from "../sha256.ts";
import { sampleRun } from "../testing/sample_run.ts";
import { changedCode, codeWithoutCopies } from "./code_checks.ts";
import { encodeRunEvent, type RecordedCode, type RunEvent, type RunLog, runLogAfter } from "./mod.ts";

type Code = Readonly<Record<string, RecordedCode>>;

function code(name: string, sha256: string, imports?: readonly string[]): Code {
  return { [name]: { sha256, copy: `inputs/code/${sha256}/${name}`, imports } };
}

function logOf(first: Code, ...starts: readonly (readonly [command: string, code: Code])[]): RunLog {
  const events: RunEvent[] = [
    { type: "RunCreated", data: { ...sampleRun().manifest, code: first } },
    ...starts.map(([command, code]) => ({
      type: "RunStarted" as const,
      data: { command, options: {}, models: {}, versions: {}, code },
    })),
  ];
  return events.reduce<RunLog | null>((log, event) => {
    const line = encodeRunEvent(log, event, { atMs: Date.UTC(2026, 0, 1), sha256: portableSha256 });
    return runLogAfter(log, line, portableSha256);
  }, null)!;
}

Deno.test("changedCode() names each change between two starts of the command run", () => {
  const [a, b] = [code("rule.ts", "a"), code("rule.ts", "b")];
  assert.deepEqual(changedCode(logOf(a, ["run", a], ["annotate", b], ["run", a], ["run", {}])), []);
  const changed = 'the code of "rule.ts" changed before the start of 2026-01-01T00:00:00.000Z';
  assert.deepEqual(changedCode(logOf(a, ["run", a], ["run", b], ["run", b])), [changed]);
  assert.deepEqual(changedCode(logOf(a, ["run", b], ["run", a])), [changed, changed]);
});

Deno.test("codeWithoutCopies() names each import without a copy, and none of them twice", () => {
  const rule = code("rule.ts", "a", ["npm:zod", "rule.ts:3"]);
  assert.deepEqual(codeWithoutCopies(logOf(rule, ["run", rule], ["annotate", code("judge.ts", "b")])), [
    'the code of "rule.ts" imports what the run has no copy of: npm:zod, rule.ts:3',
  ]);
});
