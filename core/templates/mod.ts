/**
 * Template sets: the words of all prompts.
 *
 * @module
 */
export { BUILT_IN_SETS } from "./built_in_sets.ts";
export { defaultSet } from "./default_set.ts";
export { dialogueSet } from "./dialogue_set.ts";
export { type Mistake, parseTemplate, type Template, TemplateError, type Variables } from "./jinja.ts";
export { type Attribute, attributesOf } from "./persona.ts";
export { type MessageTemplate, type PromptWriter, promptWriter, type ShownComment } from "./prompt_writer.ts";
export { builtInSet, namedTemplates, setNamed, templatesHash } from "./named_set.ts";
export { syndiscoPythonSet } from "./syndisco_python_set.ts";
export { TEMPLATE_VARIABLES, type UnknownVariable, unknownVariables } from "./variables.ts";
export {
  type NamedTemplates,
  TEMPLATE_NAMES,
  type TemplateLayout,
  type TemplateName,
  type TemplateSet,
} from "../events/template_set.ts";
