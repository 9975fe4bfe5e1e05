/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Makes the report of a run, and links to it once. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import type { ViewerSource } from "../../api.ts";
import { messageOf } from "../base/answer.ts";
import { LogsRead } from "../base/look.tsx";
import { Button, Problem } from "../base/parts.tsx";

type State =
  | Readonly<{ is: "nothing" | "busy" }>
  | Readonly<{ is: "ready"; address: string }>
  | Readonly<{ is: "failed"; problem: string }>;

/** A button that makes the report, and then a link that opens the report in a new tab. */
export function ReportLink({ source, run }: Readonly<{ source: ViewerSource; run: string }>): VNode {
  const [state, setState] = useState<State>({ is: "nothing" });
  const make = async () => {
    setState({ is: "busy" });
    try {
      const address = await source.report(run);
      setState(address === null ? { is: "nothing" } : { is: "ready", address });
    } catch (error) {
      setState({ is: "failed", problem: messageOf(error) });
    }
  };
  if (state.is === "ready") {
    // The address works once, so the link disappears after it is used.
    return (
      <a
        class="button main"
        href={state.address}
        target="_blank"
        rel="noopener"
        onClick={() => setTimeout(() => setState({ is: "nothing" }))}
      >
        Open the report
      </a>
    );
  }
  return (
    <>
      <Button onPress={() => void make()} disabled={state.is === "busy"}>Make the report</Button>
      {state.is === "busy" && <LogsRead work="report" runs={[run]} />}
      {state.is === "failed" && <Problem text={state.problem} />}
    </>
  );
}
