/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The page of a seat: a person takes part in a discussion, or moderates it. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useLayoutEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import { ConnectionMark, RefusedLink, Starting } from "../page_parts/connection.tsx";
import type { SeatView } from "../seat_view.ts";
import { Composer, type Notice } from "./composer.tsx";
import { Consent } from "./consent.tsx";
import type { Drafts } from "./drafts.ts";
import type { SeatServer } from "./server.ts";
import { Transcript } from "./transcript.tsx";
import { type KnownSeat, useSeat } from "./use_seat.ts";

/** The whole page. */
export function SeatPage({ server, drafts }: Readonly<{ server: SeatServer; drafts: Drafts }>): VNode {
  const seat = useSeat(server);
  const [notice, setNotice] = useState<Notice | null>(null);
  const { view, connection } = seat;
  const latest = useRef(view);
  latest.current = view;
  const isAsked = view?.phase === "asked";
  // At the end, the page needs no server any more.
  const isOver = view !== null && ["ended", "missed", "withdrew"].includes(view.phase);
  useEffect(() => {
    document.title = isAsked ? "● Your turn" : "Discussion";
  }, [isAsked]);
  useEffect(() => {
    if (isOver) drafts.clear();
  }, [isOver]);
  return (
    <>
      <header class="seat">
        <h1>{view === null || isOutside(view) ? "Discussion" : <Who view={view} />}</h1>
        {!isOver && <ConnectionMark connection={connection} />}
      </header>
      <main>
        {connection.kind === "refused"
          ? <RefusedLink reason={connection.reason} />
          : view === null
          ? <Starting connection={connection} />
          : <Phase {...{ view, latest, seat, server, drafts, notice, setNotice }} />}
      </main>
    </>
  );
}

/** Whether the person is in no discussion. */
function isOutside({ phase }: SeatView): boolean {
  return ["consent", "declined", "missed", "withdrew"].includes(phase);
}

function Who({ view: { name, isModerator } }: Readonly<{ view: SeatView }>): VNode {
  if (isModerator && name.toLowerCase() === "moderator") return <>You are the moderator</>;
  return (
    <>
      You take part as <bdi dir="auto">{name}</bdi>
      {isModerator && ", the moderator"}
    </>
  );
}

type PhaseProps = Readonly<{
  view: SeatView;
  /** The newest view, also when a newer phase has replaced the phase in `view`. */
  latest: Readonly<{ current: SeatView | null }>;
  seat: KnownSeat;
  server: SeatServer;
  drafts: Drafts;
  notice: Notice | null;
  setNotice: (notice: Notice | null) => void;
}>;

function Phase(props: PhaseProps): VNode {
  const { view, seat, notice } = props;
  switch (view.phase) {
    case "consent":
    case "declined":
      return <Consent {...view.consent!} isDeclined={view.phase === "declined"} answer={seat.consent} />;
    case "withdrew":
      return (
        <End key="withdrew" title="You have withdrawn" debriefing={view.debriefing}>
          Your comments can no longer be read. You can close this page.
        </End>
      );
    case "missed":
      return (
        <End key="missed" title="The discussion is over" debriefing={view.debriefing}>
          You did not take part. You can close this page.
        </End>
      );
    case "ended":
      return (
        <>
          <End key="ended" title="The discussion is over" debriefing={view.debriefing}>
            Thank you for taking part. You can close this page.
          </End>
          {notice?.text !== undefined && <Said notice={notice} />}
          <Transcript comments={seat.comments} own={view.name} isGrowing={false} />
        </>
      );
    case "waiting":
    case "asked":
    case "stopped":
      return <Discussion {...props} />;
    default:
      return view.phase satisfies never;
  }
}

type EndProps = Readonly<{ title: string; debriefing: string | null; children: string }>;

/** The last text of the page. The reader was at the bottom of the discussion, so the page scrolls to the top. */
function End({ title, debriefing, children }: EndProps): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    heading.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, []);
  return (
    <section class="paper">
      <h2 ref={heading} tabIndex={-1}>{title}</h2>
      <p>{children}</p>
      {debriefing !== null && <div class="lines reading" dir="auto">{debriefing}</div>}
    </section>
  );
}

/** What happened to an answer, with the text that was not posted. */
function Said({ notice: { words, text } }: Readonly<{ notice: Notice }>): VNode {
  return (
    <div class="notice">
      <p>{words}</p>
      {text !== undefined && <div class="lines lost" dir="auto">{text}</div>}
    </div>
  );
}

function Discussion({ view, latest, seat, server, drafts, notice, setNotice }: PhaseProps): VNode {
  const { question, phase, name, isModerator, start } = view;
  const { comments, connection } = seat;
  // "Saved" is about the last comment, and would mislead beside the next question.
  const shown = question !== null && notice?.isSaved ? null : notice;
  const now = useRef({ comments, notice });
  now.current = { comments, notice };
  const askedAt = useRef(start);
  if (question !== null) askedAt.current = start;
  const tellUnsent = (text: string) => {
    drafts.clear();
    // Another tab can have sent the same text.
    const isPosted = now.current.comments.some((one) => one.author === name && one.text === text.trim());
    if (!isPosted) setNotice({ words: "Your turn is over. This text was not posted:", text });
  };
  useEffect(() => {
    if (question === null) return;
    if (now.current.notice?.isSaved) setNotice(null);
    const left = drafts.leftBefore(question.id);
    if (left.trim() !== "") tellUnsent(left);
  }, [question?.id]);
  const leave = (text: string) => {
    const { phase, start } = latest.current!;
    // After a stop or a restart, the same question comes again, and its text is still there.
    if (start === askedAt.current && !["stopped", "consent"].includes(phase)) tellUnsent(text);
  };
  return (
    <>
      <Transcript comments={comments} own={name} isGrowing />
      <div class="dock">
        <div role="status">
          {shown !== null && <Said notice={shown} />}
          {connection.kind === "lost" && (
            <p class="lost-connection">
              The connection is lost.{" "}
              {question !== null && "Your text is kept. "}This page connects again by itself.
            </p>
          )}
          {phase === "waiting" && (
            <p class="soft">
              Others are writing. Please stay on this page: it tells you when it is your turn.
            </p>
          )}
          {phase === "stopped" && (
            <p>The discussion has stopped for now. This page continues when the discussion does.</p>
          )}
          {phase === "asked" && <p class="turn">It is your turn.</p>}
        </div>
        {question !== null && (
          <Composer
            key={question.id}
            question={question}
            isModerator={isModerator}
            deadlineMs={seat.deadlineMs}
            isOnline={connection.kind === "open"}
            server={server}
            drafts={drafts}
            onNotice={setNotice}
            onUnsent={leave}
          />
        )}
      </div>
    </>
  );
}
