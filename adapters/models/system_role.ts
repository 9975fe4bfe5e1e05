/** Models without a system role: how a refusal of it reads, and what is sent to them instead. */
import type { Message } from "../../core/ports/model.ts";

/** What the chat templates of models say of roles that they do not have, with any status. */
const BY_TEMPLATES = [
  /(?:['"`]system['"`]|\bsystem)(?: role| prompts?| messages?| instructions?)\W{0,3}(?:is |are )?(?:currently )?(?:not |un)(?:supported|allowed|enabled|permitted)/i,
  /developer instruction is not enabled/i,
  /roles must alternate/i,
  /only[^.\n]{0,60}\bassistant\b[^.\n]{0,40}\broles?\b[^.\n]{0,20}(?:supported|allowed)/i,
];

/** What servers say of a request with such a role. */
const BY_SERVERS = [
  /(?:not|n't|no|cannot) (?:have|accept|allow|support)[^.\n]{0,40}\bsystem\b/i,
  /['"`]system['"`][^.\n]{0,20}(?:not|un)[- ]?(?:supported|allowed|permitted|valid)/i,
  /(?:unsupported|invalid|unexpected|unknown|unrecognized)[^.\n]{0,40}\brole\b[^.\n]{0,40}\bsystem\b/i,
  /\brole\b[^.\n]{0,40}\bsystem\b[^.\n]{0,20}(?:not|invalid|unsupported|unknown)/i,
  /(?:should|must) be (?:one of )?\W{0,3}['"`]?user['"`]?(?:,| or)[^\n]{0,20}assistant/i,
  /first message must (?:be|have)[^.\n]{0,30}\buser\b/i,
];

/**
 * Whether a server says that it takes no message of the system, or not these roles in a row.
 *
 * @param words Its words.
 * @param status The status: some servers send 500 where a template refuses a request.
 */
export function refusesSystemRole(words: string, status: number): boolean {
  const says = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(words));
  return [400, 422, 500].includes(status) && says(BY_TEMPLATES) ||
    [400, 422].includes(status) && says(BY_SERVERS);
}

/** What stands between the messages that were put together. */
const SEPARATOR = "\n\n";

/**
 * Messages for a model that knows the roles of the user and the assistant alone, in turns that begin with the user's:
 * the words of the system go into the first message of the user, and messages of one role in a row become one.
 *
 * @param messages The messages of a prompt.
 */
export function withoutSystemRole(messages: readonly Message[]): readonly Message[] {
  const merged: { role: Message["role"]; content: string }[] = [];
  for (const { role, content } of messages) {
    if (role === "system" && content === "") continue;
    const own = role === "system" ? "user" : role;
    const last = merged.at(-1);
    if (last?.role === own) last.content += SEPARATOR + content;
    else merged.push({ role: own, content });
  }
  return merged;
}
