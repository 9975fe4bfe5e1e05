/** Shows prompts as text, with marks where they differ. */
import { type ChangedLine, changedLines } from "../../analysis/texts/changed_lines.ts";
import type { Message } from "../../core/ports/model.ts";
import { neutralise, neutraliseLines } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import { styled } from "../terminal/text.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import type { DistinctPrompt, ExperimentPrompts, PromptGroup, PromptKind } from "./distinct_prompts.ts";
import { COMMENT_TO_COME } from "./example_states.ts";
import { named } from "./names.ts";

/** At most this many prompts of a kind are shown as text. JSON has all of them. */
const PROMPTS_SHOWN_MAX = 20;

type Shown = Pick<TextSink, "colours">;

/** The messages of a prompt, each after its role. */
export function messagesText(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `  [${role}]\n  ${neutraliseLines(content, "  ")}\n`).join("");
}

/** All prompts of an experiment. The first of each kind is shown in full; in the others, changes are marked. */
export function promptsText(
  { groups, unknownSchedules, people }: ExperimentPrompts,
  sink: Shown,
): string {
  const conditions = new Set(groups.flatMap(({ prompts }) => prompts.flatMap((prompt) => prompt.conditions)));
  const count = groups.reduce((sum, { prompts }) => sum + prompts.length, 0);
  const unknown = unknownSchedules.map((name) =>
    `Whether the schedule ${name} offers silence to its moderator is not known: its code was not run\n`
  );
  return [
    `${plural(count, "distinct prompt")} of ${plural(groups.length, "kind")} in ${
      plural(conditions.size, "condition")
    }. ${COMMENT_TO_COME} stands for a name or a comment that is not known before the run\n`,
    ...unknown.map(neutralise),
    people.length === 0
      ? ""
      : neutralise(`${named(people)}: a person, who gets no prompt; a program in this place would get it`) +
        "\n",
    ...groups.map((group) => `\n${groupText(group, conditions.size, sink)}`),
  ].join("");
}

function groupText({ kind, prompts }: PromptGroup, conditions: number, sink: Shown): string {
  const title = styled(sink, "bold", neutralise(kindName(kind)));
  const base = prompts[0]!;
  const rest = prompts.length - PROMPTS_SHOWN_MAX;
  return [
    `${title}\n`,
    ...prompts.slice(0, PROMPTS_SHOWN_MAX).map((prompt, index) => {
      const head = neutralise(`${index + 1}: ${whereText(prompt, conditions)}`);
      return index === 0
        ? `${head}\n${messagesText(prompt.messages)}`
        : `${head}; compared with 1\n${comparison(base, prompt, sink)}`;
    }),
    rest > 0 ? `… and ${plural(rest, "more prompt")}; --json shows all of them\n` : "",
  ].join("");
}

/** The kind of a request: `participant with the role troll, first turn`. */
export function kindName({ asked, of, participant, moment }: PromptKind): string {
  if (asked === "annotator") return `Annotator, asked for ${of}`;
  if (asked === "moderator") return `Moderator, ${moment === "first" ? "after the first turn" : "later"}`;
  const who = participant ?? (of === null ? "Participant" : `Participant with the role ${of}`);
  return `${who}, ${moment === "first" ? "first turn" : "later turn"}`;
}

function whereText({ conditions, varied, speakers, models, tokens }: DistinctPrompt, all: number): string {
  const quoted = conditions.map((label) => `"${label}"`);
  const where = conditions.length === all ? "in every condition" : `in ${named(quoted)}`;
  const drawn = Object.entries(varied).map(([path, label]) => `, ${path} ${label}`).join("");
  return `${where}${drawn}; to ${named(models.map((model) => sizedModel(model, tokens[model])))} for ${
    named(speakers)
  }`;
}

function sizedModel(model: string, tokens: number | null = null): string {
  return `${model} (${tokens === null ? "tokens not known" : plural(tokens, "token")})`;
}

function comparison(base: DistinctPrompt, prompt: DistinctPrompt, sink: Shown): string {
  return changedLines(plainText(base.messages), plainText(prompt.messages)).map((line) =>
    lineText(line, sink)
  )
    .join("");
}

function plainText(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `[${role}]\n${content}`).join("\n");
}

/**
 * The marks at the beginning of a line and around changed words. `git diff --word-diff` has the same marks.
 */
const MARKS = {
  same: { line: "  ", style: "dim", open: "", close: "" },
  removed: { line: "- ", style: "red", open: "[-", close: "-]" },
  added: { line: "+ ", style: "green", open: "{+", close: "+}" },
} as const;

function lineText({ change, parts }: ChangedLine, sink: Shown): string {
  const { line, style, open, close } = MARKS[change];
  const text = parts.map(({ text, isChanged }) => {
    const shown = neutralise(text);
    if (!isChanged) return styled(sink, style, shown);
    // A colour does not show on white space.
    return sink.colours && text.trim() !== ""
      ? styled(sink, "bold", styled(sink, style, shown))
      : `${open}${shown}${close}`;
  }).join("");
  return `${styled(sink, style, line)}${text}`.trimEnd() + "\n";
}
