/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The discussion that a branch continues, and the branches of a discussion. */
import type { VNode } from "npm:preact@11.2.0";
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import type { ViewerSource } from "../../api.ts";
import { useAnswer } from "../base/answer.ts";
import { besideRoute } from "../base/beside.ts";
import { useShared } from "../base/page.ts";
import { Link } from "../base/parts.tsx";
import { discussionRoute } from "../base/router.ts";
import { branchWords } from "../branch/branch_words.ts";
import { Words } from "../base/words.tsx";

/** The search for the branches of a discussion reads at most this many branches. */
const BRANCHES_MAX = 1_000;

/** At most this many branches are named. */
const BRANCHES_SHOWN_MAX = 8;

/** Links to the discussion that this branch continues, and to the branches of this discussion. */
export function Lineage(
  { source, run, discussion, content }: Readonly<{
    source: ViewerSource;
    run: string;
    discussion: string;
    content: DiscussionSlots;
  }>,
): VNode | null {
  const { runs } = useShared();
  const branches = useAnswer(`${run}/${discussion}`, async () => {
    const { rows } = await source.list({ has: ["branch"], limit: BRANCHES_MAX });
    return rows.filter(({ origin, run: other }) =>
      origin?.discussion === discussion && (origin.run === null ? other === run : origin.run === run)
    );
  });
  const { forkedFrom } = content.design;
  const children = branches.value ?? [];
  if (forkedFrom === undefined && children.length === 0) return null;
  const parentRun = forkedFrom?.run ?? run;
  const isOpen = runs.some(({ name }) => name === parentRun);
  const experimentText = runs.find(({ name }) => name === run)?.experimentText ?? null;
  const words = forkedFrom === undefined ? "" : branchWords(content, experimentText);
  const own = { run, discussion };
  return (
    <p class="lineage">
      {forkedFrom !== undefined && (
        <>
          Branch of {isOpen
            ? (
              <Link to={discussionRoute(parentRun, forkedFrom.stream)}>
                <Words text={forkedFrom.stream} />
              </Link>
            )
            : <Words text={`${forkedFrom.stream} of the run ${parentRun}, which is not open`} />}
          {words !== "" && (
            <>
              {" "}
              <Words text={words} />
            </>
          )}
          {isOpen && (
            <>
              {" "}
              (<Link
                to={besideRoute({
                  kind: "named",
                  discussions: [{ run: parentRun, discussion: forkedFrom.stream }, own],
                })}
              >
                side by side
              </Link>)
            </>
          )}
          {". "}
        </>
      )}
      {children.length > 0 && (
        <>
          {children.length === 1 ? "Its branch: " : "Its branches: "}
          {children.slice(0, BRANCHES_SHOWN_MAX).map((row, index) => (
            <span key={`${row.run}/${row.discussion}`}>
              {index > 0 && ", "}
              <Link to={discussionRoute(row.run, row.discussion)}>
                <Words text={row.discussion} />
              </Link>
            </span>
          ))}
          {children.length > BRANCHES_SHOWN_MAX && ` and ${children.length - BRANCHES_SHOWN_MAX} more`} (<Link
            to={besideRoute({ kind: "named", discussions: [own, ...children.slice(0, BRANCHES_SHOWN_MAX)] })}
          >
            side by side
          </Link>).
        </>
      )}
    </p>
  );
}
