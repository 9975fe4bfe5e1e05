/** Reads discussions of people, or of people and models, from an experiment that Deliberate Lab exported. */
import type { Participant } from "../../core/events/mod.ts";
import { HUMAN_ADAPTER, IMPORTED_RULE, UNKNOWN_MODEL } from "../../core/discussion/mod.ts";
import type { ImportSource } from "../../core/events/mod.ts";
import type { Json } from "../../core/json.ts";
import { namesOf } from "./authors.ts";
import type { DiscussionMeta } from "./condition_rule.ts";
import {
  filled,
  type LabFile,
  type LabMessage,
  readLabFile,
  readLabMessage,
  recordOf,
  textOf,
  timeOf,
} from "./deliberate_lab_file.ts";
import { FormatError } from "./format_error.ts";
import type { OutsideDiscussion, Slot } from "./imported_discussion.ts";

/** A discussion, and the facts about its cohort from which its condition can be found. */
export type LabDiscussion = Readonly<{
  id: string;
  /**
   * The cohort's alias. A cohort without an alias gets its variables here, or else its name, or else its id.
   */
  condition: string;
  /** The cohort's variables. */
  variables: DiscussionMeta;
  /** @throws {FormatError} If a message cannot be read. */
  read: () => OutsideDiscussion;
}>;

/** The discussions of a file, and notes on what was not imported. */
export type LabDiscussions = Readonly<{ discussions: readonly LabDiscussion[]; notes: readonly string[] }>;

/** How a file is read. */
export type LabReading = Readonly<{
  /** Whether to keep private facts: the private ids of persons, the experiment's creator, and alerts. */
  keepPrivate: boolean;
}>;

/**
 * Finds the discussions. A cohort is a group of participants. Each cohort has chats, and a chat has one or
 * more threads. Each thread with messages is a discussion.
 *
 * @throws {FormatError} When the text is not an experiment that Deliberate Lab exported.
 */
export function readDeliberateLab(
  text: string,
  source: Omit<ImportSource, "format">,
  reading: LabReading,
): LabDiscussions {
  const file = readLabFile(text);
  const discussions: LabDiscussion[] = [];
  let empty = 0;
  for (const [cohortId, value] of Object.entries(file.cohorts)) {
    const { cohort, dataMap, chatMap } = recordOf(value);
    const about = recordOf(cohort);
    const variables = plainVariables(about.variableMap);
    for (const [stageId, messages] of Object.entries(recordOf(chatMap))) {
      if (Array.isArray(messages) && messages.length === 0) empty++;
      for (const [thread, values] of threadsOf(messages)) {
        const id = [cohortId, stageId, ...thread === "" ? [] : [thread]].join("/");
        const place = {
          id,
          cohortId,
          cohort: about,
          stageId,
          thread,
          state: recordOf(recordOf(dataMap)[stageId]),
        };
        discussions.push({
          id,
          condition: conditionName(cohortId, about, variables),
          variables,
          read: () => outside(values, { file, source, reading, place }),
        });
      }
    }
  }
  return {
    discussions,
    notes: [
      ...empty === 0 ? [] : [`${empty} of its chats have no messages`],
      "private chats and answers to surveys are not imported",
    ],
  };
}

/** The messages of each thread, with their indexes in the chat. */
function threadsOf(
  messages: unknown,
): ReadonlyMap<string, readonly (readonly [index: number, value: unknown])[]> {
  const entries = Array.isArray(messages) ? [...messages.entries()] : [];
  return Map.groupBy(entries, ([, value]) => textOf(recordOf(value).discussionId));
}

function plainVariables(variables: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(filled(recordOf(variables))).map((
      [name, value],
    ) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function conditionName(
  cohortId: string,
  { alias, metadata }: Readonly<Record<string, unknown>>,
  variables: Readonly<Record<string, string>>,
): string {
  const ofVariables = Object.entries(variables).map(([name, value]) => `${name}=${value}`).join(", ");
  return textOf(alias) || ofVariables || textOf(recordOf(metadata).name) || cohortId;
}

type Place = Readonly<{
  id: string;
  cohortId: string;
  cohort: Readonly<Record<string, unknown>>;
  stageId: string;
  thread: string;
  state: Readonly<Record<string, unknown>>;
}>;

type Context = Readonly<
  { file: LabFile; source: Omit<ImportSource, "format">; reading: LabReading; place: Place }
>;

function outside(values: readonly (readonly [number, unknown])[], context: Context): OutsideDiscussion {
  const { file, source, place } = context;
  const messages = values.map(([index, value]) => readLabMessage(value, `message ${index} of its chat`));
  const comments = messages.filter(({ by, isError }) => by !== "system" && !isError)
    .map((message) => ({ ...message, by: authorOf(message, file) }));
  const first = comments.findIndex(({ by }) => by === "participant");
  if (first === -1) {
    throw new FormatError("it has no comment of a participant");
  }
  const rows = comments.map(({ name, senderId, agentId, by }) => {
    const id = senderId || agentId;
    return { author: name || nameIn(file, id) || id || by, authorId: `${by} ${id}` };
  });
  const names = namesOf(rows);
  const slots = comments.map(({ by, text }, index): Slot => ({
    by: index < first ? "opening" : by,
    name: names[index]!,
    text,
  }));
  const speakers = new Map<string, string>();
  for (const [index, { by, senderId }] of comments.entries()) {
    if (by === "participant" && !speakers.has(names[index]!)) speakers.set(names[index]!, senderId);
  }
  const mediator = comments.findIndex(({ by }) => by === "moderator");
  return {
    origin: {
      format: "deliberate-lab",
      ...source,
      id: place.id,
      members: membersOf(messages, context),
      speakers: [...speakers.values()].map((id) => speakerOf(id, context)),
      entries: Object.fromEntries(comments.map(({ id, at, agentId, others }, position) => [
        String(position),
        filled({ id, at, agentId, ...others }),
      ])),
    },
    participants: [...speakers].map(([name, id]) => participantOf(name, recordOf(file.participants[id]))),
    moderator: mediator === -1 ? null : {
      name: names[mediator]!,
      model: modelOfMediator(comments[mediator]!, file),
      persona: {},
      instructions: "",
      schedule: IMPORTED_RULE,
    },
    slots,
    history: 0,
    context: "",
    instructions: "",
  };
}

/**
 * Who wrote a comment. An experimenter's message becomes a scripted intervention. A message of an unknown
 * type belongs to the participant whose id is the sender's; without such a participant, it becomes a scripted
 * intervention, too.
 */
function authorOf({ by, senderId }: LabMessage, { participants }: LabFile): Exclude<Slot["by"], "opening"> {
  if (by === "participant" || (by === "unknown" && Object.hasOwn(participants, senderId))) {
    return "participant";
  }
  return by === "mediator" ? "moderator" : "intervention";
}

function profileOf(participant: unknown): Readonly<Record<string, unknown>> {
  return recordOf(recordOf(participant).profile);
}

function nameIn({ participants, mediators }: LabFile, id: string): string {
  const own = Object.hasOwn(participants, id) ? profileOf(participants[id]).name : undefined;
  const persona = Object.hasOwn(mediators, id) ? recordOf(recordOf(mediators[id]).persona).name : undefined;
  return textOf(own) || textOf(persona);
}

function participantOf(name: string, participant: Readonly<Record<string, unknown>>): Participant {
  const { agentConfig, pronouns } = profileOf(participant);
  return {
    name,
    model: isAgent(agentConfig) ? modelIn(agentConfig) : HUMAN_ADAPTER,
    persona: filled({ pronouns }),
  };
}

function isAgent(agentConfig: unknown): boolean {
  return typeof agentConfig === "object" && agentConfig !== null;
}

function modelIn(config: unknown): string {
  return textOf(recordOf(recordOf(config).modelSettings).modelName) || UNKNOWN_MODEL;
}

function modelOfMediator(
  { agentId, senderId }: Pick<LabMessage, "agentId" | "senderId">,
  { mediators }: LabFile,
): string {
  const { persona } = recordOf(mediators[agentId] ?? mediators[senderId]);
  const { defaultModelSettings } = recordOf(persona);
  return modelIn({ modelSettings: defaultModelSettings });
}

/** What the file says about the whole discussion. */
function membersOf(messages: readonly LabMessage[], { file, reading, place }: Context): Record<string, Json> {
  const { metadata, id, versionId } = file.experiment;
  const { creator, ...about } = recordOf(metadata);
  const { kind, name, timeLimitInMinutes, timeMinimumInMinutes, isTurnBased } = recordOf(
    file.stages[place.stageId],
  );
  const { alias, metadata: ofCohort, variableMap } = place.cohort;
  const beside = (isWanted: (message: LabMessage) => boolean) =>
    messages.filter(isWanted).map(({ id, at, text, senderId, agentId }) =>
      filled({ id, at, text, senderId, agentId })
    );
  return filled({
    experiment: filled({ id, versionId, name: about.name, description: about.description }),
    cohort: filled({ id: place.cohortId, alias, name: recordOf(ofCohort).name, variables: variableMap }),
    stage: filled({ id: place.stageId, kind, name, timeLimitInMinutes, timeMinimumInMinutes, isTurnBased }),
    thread: place.thread,
    startedAt: timeOf(place.state.discussionStartTimestamp),
    endedAt: timeOf(place.state.discussionEndTimestamp),
    notes: beside(({ by, isError }) => by === "system" && !isError),
    failures: beside(({ isError }) => isError),
    ...reading.keepPrivate ? { creator, alerts: file.alerts } : {},
  });
}

/** What the file says about a participant. */
function speakerOf(publicId: string, { file, reading }: Context): Record<string, Json> {
  const { avatar, currentStatus, agentConfig, variableMap, privateId, prolificId } = profileOf(
    file.participants[publicId],
  );
  return filled({
    publicId,
    avatar,
    currentStatus,
    agentConfig,
    variables: variableMap,
    ...reading.keepPrivate ? { privateId, prolificId } : {},
  });
}
