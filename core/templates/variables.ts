/** The variables of templates. `docs/reference/templates.md` explains them. */
import type { TemplateName } from "../events/template_set.ts";
import type { Mistake, Template } from "./jinja.ts";

const PERSON = ["name", "persona", "attributes", "instructions"];

const DISCUSSION = [...PERSON, "context", "participants", "passWord"];

/** Template → the names of its variables. */
export const TEMPLATE_VARIABLES: Readonly<Record<TemplateName, readonly string[]>> = {
  participantSystem: [...DISCUSSION, "role"],
  participant: [...DISCUSSION, "role", "comments", "first"],
  moderatorSystem: DISCUSSION,
  moderator: [...DISCUSSION, "comments", "first", "mayBeSilent"],
  annotatorSystem: PERSON,
  annotator: [...PERSON, "comments", "scales"],
  comment: ["author", "text", "indented"],
  beginning: ["name"],
};

/** The unknown variables that a template uses, each with the position of its first use. */
export function unknownVariables(
  name: TemplateName,
  { uses, mistakeAt }: Template,
): readonly UnknownVariable[] {
  return uses.filter((variable) => !TEMPLATE_VARIABLES[name].includes(variable)).map((variable) => ({
    variable,
    ...mistakeAt(variable, `there is no variable "${variable}" in this template`),
  }));
}

/** A variable that does not exist, and its position. */
export type UnknownVariable = Mistake & Readonly<{ variable: string }>;
