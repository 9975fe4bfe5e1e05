/** Finds the discussion that a user names on the command line. */
import type { Logs } from "./logs.ts";
import { UsageError } from "./program.ts";
import { formatCount } from "../terminal/numbers.ts";

/** At most this many discussions are suggested. */
const OFFERED_MAX = 10;

/**
 * The discussion that the user means.
 *
 * @param name Its name, or the beginning of its name; it can be left out if there is only one discussion.
 * @throws {UsageError} When there is no such discussion, or more than one.
 */
export async function chosenDiscussion(
  logs: Pick<Logs, "discussions">,
  name: string | undefined,
): Promise<string> {
  const meant: string[] = [];
  let count = 0;
  for await (const discussion of logs.discussions()) {
    if (discussion === name) return discussion;
    if (name !== undefined && !discussion.startsWith(name)) continue;
    count++;
    if (meant.length < OFFERED_MAX) meant.push(discussion);
  }
  if (count === 1) return meant[0]!;
  const whose = name === undefined ? "" : ` whose name begins with "${name}"`;
  if (count === 0) {
    throw new UsageError(
      name === undefined
        ? "Cannot show a discussion: the run has none yet. Start the run first"
        : `Cannot find a discussion${whose}: a discussion's name is the name of its file in the run's folder "discussions"`,
    );
  }
  const offered = [...meant.sort(), ...(count > meant.length ? ["…"] : [])];
  throw new UsageError(
    `Cannot choose among ${formatCount(count)} discussions${whose}: name one with --discussion, such as\n  ` +
      offered.join("\n  "),
  );
}
