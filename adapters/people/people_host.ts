/** Serves the pages of people while a command runs: makes the links, and starts and ends the server. */
import { createHash } from "node:crypto";
import type { PeopleSetup } from "../../core/experiment/mod.ts";
import { consentsOf } from "../../core/people/mod.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { AskPerson } from "../../core/ports/model.ts";
import type { RunPart, RunWriter } from "../../core/ports/run.ts";
import type { RatingDesk } from "../../core/rating/mod.ts";
import { guardedApp, refusal } from "../viewer/server/access.ts";
import { pageRoutes } from "../viewer/server/page_files.ts";
import { linkTo, serve, type Served } from "../viewer/server/serve.ts";
import { askRater } from "./ask_rater.ts";
import { Attendances } from "./attendances.ts";
import { Desk } from "./desk.ts";
import {
  type PeopleState,
  peopleStatePath,
  readPeopleState,
  tokenFor,
  writePeopleState,
} from "./people_state.ts";
import type { Person, PersonLink } from "./persons.ts";
import { Presence } from "./presence.ts";
import type { DeskNotice } from "./question.ts";
import { type RaterProgress, raterProgress } from "./rater_progress.ts";
import { ratingRoutes } from "./rating_routes.ts";
import { seatRoutes } from "./seat_routes.ts";
import { WithdrawalWatch } from "./withdrawal_watch.ts";

/** The most people of a run who can have a page at the same time. */
const PEOPLE_MAX = 20_000;

/** The longest request of a page: a comment of the greatest length, with every character escaped. */
const BODY_BYTES_MAX = 256 * 1024;

/** At the end, pages get this time to read the last news, in milliseconds. */
const GOODBYE_MS = 12_000;

/** What a host needs. */
export type HostOptions = Readonly<{
  run: Pick<RunWriter, "place" | "log" | "record" | "store">;
  /** The part of the run that this process runs. */
  part?: RunPart | undefined;
  people: readonly Person[];
  texts: PeopleSetup;
  clock: Clock;
  env: (name: string) => string | undefined;
  /** Shows a message to the researcher. */
  say: (text: string) => void;
  /** The folder of the pages' files. */
  bundles?: URL | undefined;
}>;

/** The pages of people, while they are served. */
export interface PeopleHost {
  /** The links of everybody who has not withdrawn. */
  readonly links: readonly PersonLink[];
  /** Asks a person. */
  readonly ask: AskPerson;
  /** Begins the rating of a pass. */
  rate(desk: RatingDesk): void;
  /** How far the raters are; empty before the rating. */
  raters(): readonly RaterProgress[];
  /** Takes a notice of the engine, for example that events are durable. */
  notice(notice: DeskNotice): void;
  /**
   * Ends all questions and the server.
   *
   * @param isStopped Whether the user stopped the run. Otherwise pages get time to read that it is over.
   */
  close(isStopped: boolean): Promise<void>;
}

/**
 * Starts to serve the pages of people.
 *
 * @throws {Error} If the pages were not built, or there are too many people.
 */
export async function openPeople(options: HostOptions): Promise<PeopleHost> {
  const { run, people, texts, clock, env, say, bundles } = options;
  if (people.length > PEOPLE_MAX) {
    throw new RangeError(
      `Cannot serve the pages of ${people.length} people: at most ${PEOPLE_MAX} are possible. Use fewer replications`,
    );
  }
  const path = peopleStatePath(runKey(run, options.part), env);
  const state = readPeopleState(path);
  const consents = consentsOf(run, texts, clock);
  const hasWithdrawn = (person: string) => run.store.keys?.hasWithdrawn(person) ?? false;
  const desk = new Desk({ clock, secret: state.secret, standing: consents.standing, hasWithdrawn });
  const presence = new Presence(clock);
  const ended = new AbortController();
  const tokens = new Map(
    people.map((person) => [tokenFor(state.secret, person.kind, person.person), person]),
  );
  const holders = new Map([...tokens].map(([token, person]) => [digest(token), person]));
  const app = guardedApp<Person>({
    holderOf: (token) => holders.get(digest(token)) ?? null,
    bodyBytesMax: BODY_BYTES_MAX,
  });
  const told = new Set<string>();
  app.onError(({ message }, context) => {
    // Pages try again, so the same problem comes often. It is reported only once.
    if (!told.has(message)) say(`a person's page has a problem: ${message}`);
    told.add(message);
    return context.json(refusal("The server has a problem. Please tell the researchers"), 500);
  });
  const files = bundles === undefined ? {} : { folder: bundles };
  app.route("/", await pageRoutes({ bundle: "seat", title: "Discussion", ...files }));
  const start = crypto.randomUUID().slice(0, 8);
  app.route("/", await pageRoutes({ bundle: "rating", title: "Rating", path: "/rating", ...files }));
  let rating: RatingDesk | null = null;
  app.route(
    "/api/rating",
    ratingRoutes({
      desk: () => rating,
      consents,
      debriefing: texts.debriefing?.text ?? null,
      raterOf: (person: Person) => person.kind === "rater" ? person.person : null,
      onRefusal: (rater) =>
        say(
          `${rater} has refused to rate. The pass waits, because ${rater} can still agree. To end it without ${rater}, ` +
            "use the command withdraw",
        ),
      changes: desk.changes,
      presence,
      start,
      signal: ended.signal,
    }),
  );
  app.route("/api/seat", seatRoutes({ desk, consents, texts, clock, start, presence, signal: ended.signal }));
  const served = servedAt(app, state.port);
  keepState(path, { ...state, port: served.port }, say);
  const attendances = new Attendances({ desk, presence, clock, say });
  const withdrawals = new WithdrawalWatch({
    people,
    hasWithdrawn,
    clock,
    onWithdrawal(person) {
      desk.withdrew(person);
      if (person.kind === "rater") rating?.withdrew(person.person);
    },
  });
  return {
    links: [...tokens].filter(([, { person }]) => consents.standing(person) !== "withdrew").map((
      [token, person],
    ) => ({
      person,
      link: linkTo(served.port, token, person.kind === "seat" ? "/" : "/rating"),
    })),
    ask: (request, terms, signal) =>
      request.origin.role === "annotator" && rating !== null
        ? askRater(request, rating, signal)
        : desk.ask(request, terms, signal),
    rate(raters) {
      rating = raters;
      // Someone can withdraw while the desk reads the logs.
      for (const rater of raters.raters) if (hasWithdrawn(rater)) raters.withdrew(rater);
      desk.changes.tellAll();
    },
    raters: () => rating === null ? [] : raterProgress(rating, consents),
    notice: (notice) => desk.notice(notice),
    async close(isStopped) {
      attendances.close();
      withdrawals.close();
      desk.close();
      if (!isStopped) await presence.goodbye(GOODBYE_MS);
      ended.abort();
      await served.close();
    },
  };
}

/**
 * Serves at the same port as before, so that links and drafts stay valid. If another program uses this port, serves
 * at a free port.
 */
function servedAt(app: Parameters<typeof serve>[0], port: number): Served {
  try {
    return serve(app, port);
  } catch (error) {
    if (port === 0 || !(error instanceof Deno.errors.AddrInUse)) throw error;
    return serve(app, 0);
  }
}

function keepState(path: string | null, state: PeopleState, say: (text: string) => void): void {
  try {
    if (path !== null) return writePeopleState(path, state);
  } catch {
    // The message below is true for this failure, too.
  }
  say("the links of people cannot be kept on this machine: after a restart, people need new links");
}

/**
 * A key for a run and its part. It stays the same if the run's folder is moved, because the log's first line never
 * changes.
 */
function runKey({ place, log }: HostOptions["run"], part: RunPart | undefined): string {
  const name = log.kind === "kept" ? log.log.entries[0]?.hash ?? place : place;
  return digest(JSON.stringify([name, part?.index ?? 0])).slice(0, 32);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
