/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Asks before outcomes are shown, since each look at them is recorded in the run. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import type { ViewerSource } from "../../api.ts";
import { messageOf } from "./answer.ts";
import { Dialog } from "./dialog.tsx";
import { count } from "./numbers.ts";
import { useNotices, useShared } from "./page.ts";
import { Button, Problem } from "./parts.tsx";
import { Words } from "./words.tsx";

/** What {@linkcode useLook} returns. */
export type Look = Readonly<{
  /** Calls `then` at once if the looks at these runs are recorded, or else after the reader has agreed. */
  ask: (runs: readonly string[], then: () => void) => void;
  /** Whether the looks at these runs are recorded. */
  isRecorded: (runs: readonly string[]) => boolean;
  /** Looks at a run again, after the reader has agreed: its logs may have grown. */
  again: (run: string) => void;
  /** The open dialog, to be drawn by the page. */
  dialog: VNode | null;
}>;

/** Lets a page show outcomes after the reader has agreed that the look is recorded. */
export function useLook(source: ViewerSource): Look {
  const { runs: facts, reloadRuns } = useShared();
  const [open, setOpen] = useState<Readonly<{ runs: readonly string[]; then: () => void }> | null>(null);
  const missing = (runs: readonly string[]) =>
    facts.filter(({ name, look }) => runs.includes(name) && look === null).map(({ name }) => name);
  return {
    isRecorded: (runs) => facts.length > 0 && missing(runs).length === 0,
    ask(runs, then) {
      if (missing(runs).length === 0) then();
      else setOpen({ runs: missing(runs), then });
    },
    again: (run) => setOpen({ runs: [run], then: () => {} }),
    dialog: open && (
      <LookDialog
        runs={open.runs}
        onClose={() => setOpen(null)}
        onAgree={async () => {
          for (const run of open.runs) await source.look(run);
          await reloadRuns();
          setOpen(null);
          open.then();
        }}
      />
    ),
  };
}

function LookDialog(
  { runs, onClose, onAgree }: Readonly<{
    runs: readonly string[];
    onClose: () => void;
    onAgree: () => Promise<void>;
  }>,
): VNode {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const agree = async () => {
    setBusy(true);
    try {
      await onAgree();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Look at outcomes?" onClose={onClose}>
      <p>
        Outcomes are results. The run's log records that you look at them, and when. The report then says
        whether the experiment changed after a look.
      </p>
      <p>A look will be recorded in:</p>
      <ul class="names">
        {runs.map((run) => (
          <li key={run}>
            <Words text={run} />
          </li>
        ))}
      </ul>
      {problem !== null && <Problem text={problem} />}
      {isBusy && <LogsRead work="look" runs={runs} />}
      <p class="actions">
        <Button kind="main" disabled={isBusy} onPress={() => void agree()}>
          Record the look, and show outcomes
        </Button>
        <Button onPress={onClose}>Show no outcomes</Button>
      </p>
    </Dialog>
  );
}

/** How many logs were read so far. */
export function LogsRead(
  { work, runs }: Readonly<{ work: "look" | "report"; runs: readonly string[] }>,
): VNode {
  const [read, setRead] = useState<Readonly<{ done: number; of: number }> | null>(null);
  useNotices((notice) => {
    if (notice.kind === "progress" && notice.work === work && runs.includes(notice.run)) setRead(notice);
  });
  return (
    <p class="loading" role="status">
      {read === null ? "Reading logs …" : `Read ${count(read.done)} of ${count(read.of)} logs …`}
    </p>
  );
}
