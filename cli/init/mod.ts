/**
 * The first experiments that `init` can write.
 *
 * @module
 */
import { annotation } from "./annotation.ts";
import type { InitTemplate } from "./init_template.ts";
import { moderation } from "./moderation.ts";
import { multilingual } from "./multilingual.ts";
import { personas } from "./personas.ts";
import { repeat } from "./repeat.ts";

export { type InitTemplate } from "./init_template.ts";

/** All templates. The first one is the default. */
export const INIT_TEMPLATES: readonly [InitTemplate, ...InitTemplate[]] = [
  moderation,
  personas,
  annotation,
  repeat,
  multilingual,
];
