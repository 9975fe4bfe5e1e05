/** What differs between the designs of discussions, in plain words. */
import { type DiscussionDesign, optionsText, ruleText } from "../../../../core/events/mod.ts";
import { IMPORTED_MODEL } from "../../../../core/events/discussion_design.ts";
import { labelOf } from "../../../../core/experiment/factor_labels.ts";

/** One setting, and its value in each discussion. */
export type Difference = Readonly<{ what: string; isFactor: boolean; values: readonly string[] }>;

/**
 * The settings that are not the same in all designs: factors first.
 *
 * @param labels Factor → its label.
 */
export function designDifferences(
  designs: readonly DiscussionDesign[],
  labels: Readonly<Record<string, string>> = {},
): readonly Difference[] {
  const settings = designs.map((design) => settingsOf(design, labels));
  const factors = new Set(designs.flatMap((design) => levelsOf(design, labels).map(([factor]) => factor)));
  const names = new Set(settings.flatMap((one) => [...one.keys()]));
  return [...names].flatMap((what) => {
    const values = settings.map((one) => one.get(what) ?? "none");
    return new Set(values).size > 1 ? [{ what, isFactor: factors.has(what), values }] : [];
  });
}

function levelsOf(
  { factors, varied }: DiscussionDesign,
  labels: Readonly<Record<string, string>>,
): readonly (readonly [factor: string, level: string])[] {
  return [...Object.entries(factors), ...Object.entries(varied)]
    .map(([path, label]) => [labelOf(path, labels), label]);
}

function settingsOf(
  design: DiscussionDesign,
  labels: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const { participants, moderator, prompt, models } = design;
  const levels = levelsOf(design, labels);
  const people = participants.map(({ name, role, persona, model }) =>
    [name, ...role === undefined ? [] : [`role ${role.name}`], optionsText(persona), `model ${model}`]
      .filter((text) => text !== "").join(", ")
  );
  const given: readonly (readonly [string, string])[] = [
    ["replicate", String(design.replicate)],
    ["participants", people.join("\n")],
    ["moderator", moderator === null ? "none" : `${moderator.name}, asked: ${ruleText(moderator.schedule)}`],
    ["moderator's instructions", moderator?.instructions ?? "none"],
    ["moderator's model", moderator?.model ?? "none"],
    ["turn-taking", ruleText(design.turnTaking)],
    ["turns", String(design.turns)],
    ["comments that a prompt shows", design.history === null ? "all" : String(design.history)],
    ["pass word", design.passWord === "" ? "none" : design.passWord],
    ["context", prompt.context],
    ["instructions", prompt.instructions],
    ["prompts", `${prompt.templates?.name ?? prompt.layout}, version ${prompt.version}`],
    [
      "roles",
      participants.map(({ role }) => role?.instructions ?? "").filter((text) => text !== "").join("\n"),
    ],
    ["openings", design.openings.map(({ author, text }) => `${author}: ${text}`).join("\n")],
    [
      "scripted comments",
      (design.interventions ?? []).map(({ after, author, text }) => `after turn ${after}, ${author}: ${text}`)
        .join("\n"),
    ],
    ...Object.entries(models).filter(([, { adapter }]) => adapter !== IMPORTED_MODEL.adapter).map((
      [name, { adapter, sampling, options }],
    ) =>
      [
        `model ${name}`,
        [adapter, optionsText({ ...sampling } as never), optionsText(options)]
          .filter((text) => text !== "").join(", "),
      ] as const
    ),
    ["continues", design.forkedFrom === undefined ? "none" : `${design.forkedFrom.stream}`],
  ];
  // A factor can have the same name as a setting. Both are shown, because the setting says more than the
  // factor's level.
  const names = new Set(levels.map(([what]) => what));
  return new Map([
    ...levels,
    ...given.map(([what, value]) => [names.has(what) ? `${what} (details)` : what, value] as const),
  ]);
}
