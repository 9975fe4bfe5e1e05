/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** One discussion: the transcript, and the details of the chosen comment. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import { WholeName } from "../base/names.tsx";
import { share } from "../base/numbers.ts";
import { type PageProps, useShared } from "../base/page.ts";
import { Problem } from "../base/parts.tsx";
import { parseRoute, withValues } from "../base/router.ts";
import { BranchDialog, canBranch } from "../branch/branch_dialog.tsx";
import { CommentColumn } from "./comment_column.tsx";
import type { ShowPosition } from "./comment_list.tsx";
import { CopyDialog, useCopying, WHOLE_TEXT } from "./copying.tsx";
import { DiscussionHead } from "./discussion_head.tsx";
import { FoundIn } from "./found_in.tsx";
import { Glance } from "./glance.tsx";
import { Pane } from "./pane.tsx";
import { type PaneName, placeOf } from "./place.ts";
import { speakerClassOf } from "./speaker_class.ts";
import { useLog } from "./use_log.ts";
import { useMoves } from "./use_moves.ts";
import { useNeighbours } from "./use_neighbours.ts";
import { missingWords, useRow } from "./use_row.ts";

/** How much of a long log has been read. */
function loadedShare(done: number, of: number): string {
  return done < of ? `loading, ${share(done, of)}` : "loading …";
}

/** One discussion. */
export function Transcript({ source, route, go }: PageProps): VNode {
  const [, run = "", discussion = ""] = route.path;
  const facts = useShared().runs.find(({ name }) => name === run) ?? null;
  const view = useLog(source, run, discussion);
  const { log, isRead, damage, problem, again } = view;
  const { content } = log;
  const found = useRow(source, run, discussion);
  const place = placeOf(route, content?.slots.length ?? 0);
  const { at, pane } = place;
  const slot = at === null ? null : content?.slots[at] ?? null;
  const show = useRef<ShowPosition | null>(null);
  const follow = useRef<(() => void) | null>(null);
  const [isBranching, setBranching] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    if (!isPrinting) return;
    print();
    setPrinting(false);
  }, [isPrinting]);
  const choose = (position: number | null, name: PaneName | null = pane) =>
    go(withValues(parseRoute(location.hash), { at: position, pane: name }), { replace: true });
  const copying = useCopying({ facts, run, log, content });
  const neighbours = useNeighbours({ source, route, go, run, discussion });
  const branch = slot !== null && content !== null && facts !== null && !source.isExport &&
      canBranch(slot, content.design)
    ? () => setBranching(true)
    : null;
  const moves = useMoves({
    route,
    go,
    log,
    isRead,
    content,
    place,
    choose,
    copying,
    neighbours,
    branch,
    show,
    follow,
  });
  if (content === null) {
    const words = problem ?? damage ?? log.problem ??
      (isRead ? missingWords(discussion, found, facts?.plan) : null);
    return (
      <>
        <h1>
          <WholeName discussion={discussion} />
        </h1>
        {words === null
          ? <p class="loading" role="status">Loading …</p>
          : <Problem text={words} onRetry={again} />}
      </>
    );
  }
  const classOf = speakerClassOf(content);
  const loading = isRead || problem !== null ? null : loadedShare(log.length, found.row?.events ?? 0);
  const hasPane = slot !== null && pane !== null;
  return (
    <div class={hasPane ? "discussion with-pane" : "discussion"}>
      <div class="reading">
        <DiscussionHead
          {...{ source, route, content, facts, neighbours, copying, hasPane, classOf, loading }}
          onPrint={() => setPrinting(true)}
        >
          <FoundIn {...{ go, content, place }} onMatch={moves.match} onFind={moves.find} />
        </DiscussionHead>
        {problem !== null && <Problem text={problem} onRetry={again} />}
        {damage !== null && <Problem text={`The log is damaged, so the discussion ends here: ${damage}`} />}
        {log.problem !== null && <Problem text={`The log contradicts itself: ${log.problem}`} />}
        <Glance
          {...{ content, size: log.length, classOf, chosen: at }}
          onChoose={(position) => moves.to(position, "center")}
          onSpeaker={moves.speaker}
        />
        <CommentColumn
          {...{ view, content, place, route, classOf, isPrinting, show, follow }}
          onChoose={(position) => choose(position, pane ?? moves.lastPane())}
        />
      </div>
      {hasPane && (
        <Pane
          {...{ slot, content, log, pane }}
          copied={copying.done === WHOLE_TEXT ? null : copying.done}
          onPane={(name) => choose(at, name)}
          onClose={() => choose(at, null)}
          onCopy={(what) => copying.copy(what, slot)}
          onBranch={branch}
        />
      )}
      {isBranching && slot !== null && facts !== null && (
        <BranchDialog
          {...{ run: facts, slot, design: content.design, isCopied: copying.done === "command" }}
          onCopy={(text) => void copying.text(text, "command")}
          onClose={() => setBranching(false)}
        />
      )}
      {copying.refused !== null && <CopyDialog text={copying.refused} onClose={copying.close} />}
    </div>
  );
}
