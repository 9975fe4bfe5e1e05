/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The page of a seat: a person takes part in a discussion, or moderates it. */
import type { VNode } from "npm:preact@11.2.0";
import { useEffect, useLayoutEffect, useRef, useState } from "npm:preact@11.2.0/hooks";
import type { SeatView } from "../seat_view.ts";
import { Composer, type Notice } from "./composer.tsx";
import { Consent } from "./consent.tsx";
import type { SeatServer } from "./server.ts";
import { Transcript } from "./transcript.tsx";
import { type Connection, type KnownSeat, useSeat } from "./use_seat.ts";

const CONNECTIONS: Readonly<Record<Connection["kind"], string>> = {
  open: "connected",
  opening: "connecting…",
  lost: "no connection; trying again",
  refused: "not connected",
};

/** The whole page. */
export function SeatPage({ server }: Readonly<{ server: SeatServer }>): VNode {
  const seat = useSeat(server);
  const { view, connection } = seat;
  const isAsked = view?.phase === "asked";
  // At the end, the page needs no server any more.
  const isOver = view !== null && ["ended", "missed", "withdrew"].includes(view.phase);
  useEffect(() => {
    document.title = isAsked ? "● Your turn" : "Discussion";
  }, [isAsked]);
  return (
    <>
      <header class="seat">
        <h1>{view === null ? "Discussion" : <Who view={view} />}</h1>
        {!isOver && (
          <span class={`connection ${connection.kind}`} role="status">{CONNECTIONS[connection.kind]}</span>
        )}
      </header>
      <main>
        {connection.kind === "refused"
          ? <Refused reason={connection.reason} />
          : view === null
          ? <p class="soft">Please wait.</p>
          : <Phase view={view} seat={seat} server={server} />}
      </main>
    </>
  );
}

function Who({ view: { name, isModerator } }: Readonly<{ view: SeatView }>): VNode {
  if (isModerator && name.toLowerCase() === "moderator") return <>You are the moderator</>;
  return (
    <>
      You are <bdi dir="auto">{name}</bdi>
      {isModerator && ", the moderator"}
    </>
  );
}

function Refused({ reason }: Readonly<{ reason: string }>): VNode {
  return (
    <section class="paper">
      <h2>This link does not work</h2>
      <p>{reason}. If it still does not work, please ask for a new link.</p>
    </section>
  );
}

type PhaseProps = Readonly<{ view: SeatView; seat: KnownSeat; server: SeatServer }>;

function Phase({ view, seat, server }: PhaseProps): VNode {
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
          <Transcript comments={seat.comments} own={view.name} isGrowing={false} />
        </>
      );
    case "waiting":
    case "asked":
    case "stopped":
      return <Discussion view={view} seat={seat} server={server} />;
    default:
      return view.phase satisfies never;
  }
}

type EndProps = Readonly<{ title: string; debriefing: string | null; children: string }>;

/** Nothing more comes. The page was at the bottom of the discussion before, so it goes to the top. */
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

function Discussion({ view, seat, server }: PhaseProps): VNode {
  const { question, phase, name, isModerator } = view;
  const [notice, setNotice] = useState<Notice | null>(null);
  // "Saved" is about the last text, and would mislead beside the next one.
  const shown = question !== null && notice?.isSaved ? null : notice;
  useEffect(() => {
    if (question !== null) setNotice((before) => before?.isSaved ? null : before);
  }, [question?.id]);
  const comments = useRef(seat.comments);
  comments.current = seat.comments;
  const tellUnsent = (text: string) => {
    // Another tab can have sent the same text.
    const isPosted = comments.current.some((one) => one.author === name && one.text === text.trim());
    if (!isPosted) setNotice({ words: "The question is over. This text was not posted:", text });
  };
  return (
    <>
      <Transcript comments={seat.comments} own={name} isGrowing />
      <div class="dock">
        <div role="status">
          {shown !== null && (
            <div class="notice">
              <p>{shown.words}</p>
              {shown.text !== undefined && <div class="lines lost" dir="auto">{shown.text}</div>}
            </div>
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
            isOnline={seat.connection.kind === "open"}
            server={server}
            onNotice={setNotice}
            onUnsent={tellUnsent}
          />
        )}
      </div>
    </>
  );
}
