/** The set `dialogue`: the words of `default`, with a speaker's own comments as messages of the assistant. */
import { defaultSet } from "./default_set.ts";
import type { TemplateSet } from "../events/template_set.ts";

/** English prompts. The speaker's own comments are messages of the assistant. */
export const dialogueSet: TemplateSet = {
  ...defaultSet,
  name: "dialogue",
  layout: "messages",
  participant:
    "{% if first %}Nobody has spoken yet. Open the discussion, {{ name }}.{% else %}It is your turn, {{ name }}.{% endif %} Write only your own comment.",
  moderator: defaultSet.moderator!.slice(defaultSet.moderator!.indexOf("{% if first %}")),
  beginning: "The discussion so far:",
};
