/** The built-in template sets. */
import { defaultSet } from "./default_set.ts";
import { dialogueSet } from "./dialogue_set.ts";
import { syndiscoPythonSet } from "./syndisco_python_set.ts";
import type { TemplateSet } from "../events/template_set.ts";

/** All built-in sets. If several have the same name, the last one is the newest. Logs need the older ones. */
export const BUILT_IN_SETS: readonly TemplateSet[] = [defaultSet, dialogueSet, syndiscoPythonSet];
