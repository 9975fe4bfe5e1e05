/** Addresses of discussions side by side. */
import { type Query, type Route, routeTo } from "./router.ts";

/** A discussion of a run. */
export type Named = Readonly<{ run: string; discussion: string }>;

/** What stands side by side. */
export type Beside =
  /** The conditions of one replicate. */
  | Readonly<{ kind: "replicate"; run: string; replicate: number }>
  /** The replications of one condition. */
  | Readonly<{ kind: "condition"; run: string; condition: string }>
  /** Named discussions, such as a branch and its origin. */
  | Readonly<{ kind: "named"; discussions: readonly Named[] }>;

/** The route (the address within the page) to discussions side by side. */
export function besideRoute(beside: Beside): Route {
  const path = ["side-by-side"];
  switch (beside.kind) {
    case "replicate":
      return routeTo(path, { run: beside.run, replicate: beside.replicate });
    case "condition":
      return routeTo(path, { run: beside.run, condition: beside.condition });
    case "named":
      return routeTo(path, {
        with: beside.discussions.map(({ run, discussion }) =>
          `${encodeURIComponent(run)}/${encodeURIComponent(discussion)}`
        ),
      });
    default:
      return beside satisfies never;
  }
}

/** Reads such a route's query; `null` if it names no discussions. */
export function besideOf(query: Query): Beside | null {
  const discussions = (query.with ?? []).flatMap((text): Named[] => {
    const [run, discussion, ...rest] = text.split("/").map(decoded);
    return run === undefined || discussion === undefined || rest.length > 0 ? [] : [{ run, discussion }];
  });
  if (discussions.length > 0) return { kind: "named", discussions };
  const run = query.run?.[0];
  const condition = query.condition?.[0];
  if (run === undefined) return null;
  if (condition !== undefined) return { kind: "condition", run, condition };
  const replicate = Number(query.replicate?.[0] ?? 1);
  return {
    kind: "replicate",
    run,
    replicate: Number.isSafeInteger(replicate) && replicate > 0 ? replicate : 1,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
