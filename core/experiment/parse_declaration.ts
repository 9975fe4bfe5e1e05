/** From the text of a declaration to what it declares, or to everything that is wrong with it. */
import type { RuleSpec } from "../events/discussion_design.ts";
import { isRecord, placed, readDocument } from "./document.ts";
import type { ParseOptions } from "./parse.ts";
import { ExperimentError, type Finding, mismatch, within } from "./problems.ts";
import { readSchedule, readTurnTaking } from "./rules.ts";
import { declarationSchema } from "./schema.ts";
import { checked } from "./schema_findings.ts";

/** What somebody says that discussions were held by; nothing is declared of what is left out. */
export type DeclaredRules = Readonly<{
  turns?: number;
  /** `null` for all comments. */
  history?: number | null;
  turnTaking?: RuleSpec;
  schedule?: RuleSpec;
}>;

/**
 * Reads a declaration: `turns`, `history` and `turnTaking` as in the section `discussion` of an experiment file, and
 * `schedule` as a moderator has it.
 *
 * @param text YAML 1.2, or JSON.
 * @param options The file's name, and what can be named in it.
 * @throws {ExperimentError} With everything that is wrong.
 *
 * @example
 * ```ts
 * import { parseDeclaration } from "./parse_declaration.ts";
 * import { builtInExtensions } from "./extensions.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "turnTaking: { strategy: respond, probability: 0.4 }";
 * const declared = parseDeclaration(text, { file: "declared.yaml", extensions: builtInExtensions([]) });
 * assert.deepEqual(declared, { turnTaking: { name: "respond", options: { probability: 0.4 } } });
 * ```
 */
export function parseDeclaration(
  text: string,
  { file, extensions }: Pick<ParseOptions, "file" | "extensions">,
): DeclaredRules {
  const document = readDocument(text, file);
  const refuse = (findings: readonly Finding[]): ExperimentError =>
    new ExperimentError([...document.problems, ...findings.map((finding) => placed(document, finding))]);
  const { value } = document;
  if (!document.complete) throw refuse([]);
  if (!isRecord(value)) throw refuse([mismatch([], "a declaration: keys and values", value ?? null)]);
  const shape = checked(declarationSchema, value);
  const turnTaking = value.turnTaking === undefined ? null : readTurnTaking(value.turnTaking, extensions);
  const schedule = value.schedule === undefined ? null : readSchedule(value.schedule, extensions);
  const findings = [
    ...shape.findings,
    ...within(["turnTaking"], turnTaking?.findings ?? []),
    ...within(["schedule"], schedule?.findings ?? []),
  ];
  if (findings.length + document.problems.length > 0) throw refuse(findings);
  const { turns, history } = (shape as Extract<typeof shape, { data: unknown }>).data;
  return {
    ...(turns === undefined ? {} : { turns }),
    ...(history === undefined ? {} : { history: history === "all" ? null : history }),
    ...(turnTaking === null ? {} : { turnTaking: turnTaking.spec! }),
    ...(schedule === null ? {} : { schedule: schedule.spec! }),
  };
}
