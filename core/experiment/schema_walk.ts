/** Which keys a schema knows at a path. */
import { z } from "zod";
import type { Path } from "./problems.ts";

/** A schema without what makes it optional. */
export function bare(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) {
    inner = inner.unwrap() as z.ZodType;
  }
  return inner;
}

/**
 * The schema of what stands under a key or index.
 *
 * @param schema The schema of the mapping or list.
 * @param step The key or index.
 * @returns `undefined` when nothing can stand there.
 */
export function childSchema(schema: z.ZodType, step: string | number): z.ZodType | undefined {
  const outer = bare(schema);
  if (outer instanceof z.ZodRecord) return outer.valueType as z.ZodType;
  if (outer instanceof z.ZodArray) return outer.element as z.ZodType;
  if (outer instanceof z.ZodUnknown) return outer;
  if (!(outer instanceof z.ZodObject)) return undefined;
  const key = String(step);
  if (Object.hasOwn(outer.shape, key)) return outer.shape[key];
  const rest = outer.def.catchall;
  return rest instanceof z.ZodNever ? undefined : rest as z.ZodType | undefined;
}

/** The keys that a schema names at a path. */
export function knownKeys(schema: z.ZodType, path: Path = []): readonly string[] {
  let at: z.ZodType | undefined = schema;
  for (const step of path) at = at && childSchema(at, step);
  const outer = at && bare(at);
  return outer instanceof z.ZodObject ? Object.keys(outer.shape) : [];
}

/** The dotted paths of all values that a schema names, as far as they do not depend on names in the file. */
export function knownPaths(schema: z.ZodType): readonly string[] {
  return knownKeys(schema).flatMap((key) => {
    const inner = knownPaths(childSchema(schema, key)!);
    return [key, ...inner.map((path) => `${key}.${path}`)];
  });
}
