/** Small files in the form of the Python library's version 2.0. */

/** What a file holds. */
export type PythonRun = Readonly<{
  model: string;
  users: readonly string[];
  /** The users' instructions, in their order. */
  instructions?: readonly string[];
  /** Who has the turns; by default, four turns in the order of the users. */
  speakers?: readonly string[];
  /** The moderator's instructions. The moderator is silent after each turn. */
  moderator?: string;
  /** The context of the moderator, if it is not the users' context. */
  moderatorContext?: string;
  openings?: readonly string[];
}>;

/** Writes a file. Prompts are JSON in strings, as the library writes it. */
export function pythonFile(
  { model, users, instructions = [], moderator, openings = ["Should it be closed?"], ...run }: PythonRun,
): string {
  const speakers = run.speakers ?? Array.from({ length: 4 }, (_, turn) => users[turn % users.length]!);
  const prompt = (
    username: string,
    text: string,
    persona: Record<string, unknown>,
    context = "You take part in a forum.",
  ) =>
    JSON.stringify({
      context,
      instructions: text,
      type: "1",
      persona: { username, ...persona },
    });
  const moderation = { name: "moderator", text: '""', model };
  return JSON.stringify({
    id: crypto.randomUUID(),
    timestamp: "26-01-02-03-04",
    users,
    moderator: moderator === undefined ? null : "moderator",
    user_prompts: users.map((user, index) =>
      prompt(user, instructions[index] ?? "Write a comment.", { age: user.length, note: "" })
    ),
    moderator_prompt: moderator === undefined
      ? null
      : prompt("moderator", moderator, { age: 30, traits: ["fair", "calm"] }, run.moderatorContext),
    ctx_length: 3,
    logs: [
      ...openings.map((text, index) => ({ name: users[index]!, text, model: "hardcoded" })),
      ...speakers.flatMap((name, turn) => [
        { name, text: turn === 0 ? '""' : `Comment ${turn}.`, model },
        ...(moderator === undefined ? [] : [moderation]),
      ]),
    ],
  });
}
