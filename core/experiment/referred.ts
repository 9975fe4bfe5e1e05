/** Personas and openings, wherever they stand: in the experiment file, or in a file that it names. */
import { placed } from "./document.ts";
import type { Extensions } from "./extensions.ts";
import { readOpeningRows, readOpenings } from "./openings.ts";
import { type ReadList, readPersonas } from "./personas.ts";
import { type Problem, quoted } from "./problems.ts";
import type { Referred, ReferredList } from "./references.ts";
import type { Source, Sources } from "./sources.ts";

/**
 * Looks lists up and reads each of them once.
 *
 * @param extensions What can be named.
 * @param sources The files, read before.
 * @returns What is referred to, and a list that fills with the problems inside of those files.
 */
export function referredBy(
  extensions: Extensions,
  sources: Sources,
): Readonly<{ referred: Referred; problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const lookUp = <T>(read: (value: unknown, columns?: readonly string[]) => ReadList<T>) => {
    const known = new Map<unknown, ReferredList<T>>();
    return (value: unknown): ReferredList<T> => {
      let list = known.get(value);
      if (list === undefined) {
        const source = typeof value === "string" ? sources.get(value) : undefined;
        list = source === undefined ? asSound(read(value)) : fromSource(String(value), source);
        known.set(value, list);
      }
      return list;
    };
    function fromSource(path: string, source: Source): ReferredList<T> {
      if ("unreadable" in source) {
        const finding = { path: [], message: `cannot read ${quoted(path)}: ${source.unreadable}` };
        return { items: [], findings: [finding], sound: false };
      }
      const { document } = source;
      problems.push(...document.problems);
      if (!document.complete) return { items: [], findings: [], sound: false };
      const { items, findings } = read(document.value, document.columns);
      problems.push(...findings.map((finding) => placed(document, finding)));
      return { items, findings: [], sound: findings.length + document.problems.length === 0 };
    }
  };
  return {
    referred: {
      extensions,
      personas: lookUp(readPersonas),
      openings: lookUp((value, columns) =>
        columns === undefined ? readOpenings(value) : readOpeningRows(value, columns)
      ),
    },
    problems,
  };
}

function asSound<T>(list: ReadList<T>): ReferredList<T> {
  return { ...list, sound: list.findings.length === 0 };
}
