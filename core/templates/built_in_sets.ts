/** The built-in template sets. */
import { defaultSet } from "./default_set.ts";
import { dialogueSet } from "./dialogue_set.ts";
import { syndiscoPythonSet } from "./syndisco_python_set.ts";
import type { TemplateSet } from "../events/template_set.ts";

/**
 * All built-in sets. Several can have the same name: the last of them is the newest. The others are needed
 * for old logs.
 */
export const BUILT_IN_SETS: readonly TemplateSet[] = [defaultSet, dialogueSet, syndiscoPythonSet];
