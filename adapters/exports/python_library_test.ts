import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Json } from "../../core/json.ts";
import type { DiscussionDesign, DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import { linesOf } from "../../core/testing/mod.ts";
import { annotationEvents, sampleEvents } from "../../core/testing/sample_stream.ts";
import { slotsOf } from "../../analysis/projections/mod.ts";
import { type PythonDiscussion, pythonDiscussion } from "./python_library.ts";

function written(events: readonly DiscussionEvent[]): PythonDiscussion {
  return pythonDiscussion(slotsOf(linesOf("d", events).map((line): Envelope => JSON.parse(line))));
}

Deno.test("pythonDiscussion() writes an entry for each slot, and writes silence as the library does", () => {
  const { logs, timestamp } = written([...sampleEvents("d"), ...annotationEvents("p")]);
  assert.deepEqual(logs.map(({ name, text, model }) => [name, text, model]), [
    ["Ada", "Grüße 😀", "hardcoded"],
    ["Bob", "No.", "tiny"],
    ["Mo", "Calm.", "tiny"],
    ["Ada", '""', "tiny"],
    ["Mo", '""', "tiny"],
    ["Bob", "Fine\n\ud800.", "tiny"],
  ]);
  // 2026-01-01 00:00 in the library's form.
  assert.equal(timestamp, "26-01-01-00-00");
  // The library's form of a system prompt; openings have none.
  const prompts = logs.map(({ prompt }) => prompt === "" ? null : JSON.parse(prompt));
  assert.deepEqual(prompts.slice(0, 3), [
    null,
    { context: "A forum.", instructions: "Provoke.\nWrite.", type: "user", persona: {} },
    { context: "A forum.", instructions: "Be kind.", type: "user", persona: {} },
  ]);
});

type PythonFile = Readonly<Record<string, Json>> & {
  logs: { name: string; text: string; model: string }[];
  users: string[];
  user_prompts: string[];
  moderator: string | null;
};

/** The events of an imported discussion of version 2.0, with the original members of its file. */
function imported({ logs, ...members }: PythonFile): DiscussionEvent[] {
  const [opened] = sampleEvents("d") as [Extract<DiscussionEvent, { type: "DiscussionOpened" }>];
  const modelOf = (name: string) =>
    logs.find((entry) => entry.name === name && entry.model !== "hardcoded")?.model ?? "unknown";
  const moderator = members.moderator === null
    ? null
    : { ...opened.data.moderator!, name: members.moderator, model: modelOf(members.moderator) };
  const design = {
    ...opened.data,
    participants: members.users.map((name) => ({ name, model: modelOf(name), persona: {} })),
    moderator,
    imported: { format: "python-library", file: "x.json", sha256: "0".repeat(64), members, entries: {} },
  } as DiscussionDesign;
  let turn = 0;
  let comment = 0;
  const events = logs.map(({ name, text, model }): DiscussionEvent => {
    if (model === "hardcoded") {
      return { type: "SeedCommentPosted", data: { comment: comment++, author: name, text } };
    }
    const isSilent = /^[\s"]*$/.test(text);
    if (name === members.moderator) {
      const data = { turn: turn - 1, moderator: name };
      return isSilent
        ? { type: "ModeratorAbstained", data: { ...data, reason: "empty", raw: text } }
        : { type: "ModeratorIntervened", data: { ...data, comment: comment++, text } };
    }
    const data = { turn: turn++, participant: name };
    return isSilent
      ? { type: "TurnPassed", data: { ...data, reason: "empty", raw: text } }
      : { type: "TurnTaken", data: { ...data, comment: comment++, text } };
  });
  return [{ type: "DiscussionOpened", data: design }, ...events];
}

const VMD = Deno.env.get("SYNDISCO_VMD") ?? fileURLToPath(new URL("../../../shared/vmd", import.meta.url));
const WITHOUT_VMD = existsSync(join(VMD, "discussions"))
  ? null
  : "SYNDISCO_VMD names no folder of real discussions";
const NAME = "pythonDiscussion() restores the files of imported real discussions";

Deno.test({
  name: WITHOUT_VMD === null ? NAME : `${NAME} (skipped: ${WITHOUT_VMD})`,
  ignore: WITHOUT_VMD !== null,
  async fn() {
    let compared = 0;
    for (const condition of Deno.readDirSync(join(VMD, "discussions"))) {
      for (const { name } of Deno.readDirSync(join(VMD, "discussions", condition.name))) {
        const file: PythonFile = JSON.parse(
          await Deno.readTextFile(join(VMD, "discussions", condition.name, name)),
        );
        const { logs, ...members } = written(imported(file));
        assert.deepEqual({ ...members, logs: logs.map(({ prompt: _, ...entry }) => entry) }, file);
        const [last] = logs.slice(-1);
        const user = file.users.indexOf(last!.name);
        assert.equal(last!.prompt, user === -1 ? file.moderator_prompt : file.user_prompts[user]);
        compared++;
      }
    }
    // The description of the real discussions gives this number.
    assert.equal(compared, 360);
  },
});
