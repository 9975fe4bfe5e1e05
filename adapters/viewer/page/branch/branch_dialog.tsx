/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** Writes the `fork` command for a turn. */
import type { ComponentChildren, VNode } from "npm:preact@11.2.0";
import { useMemo, useState } from "npm:preact@11.2.0/hooks";
import type { Slot } from "../../../../analysis/projections/mod.ts";
import type { DiscussionDesign } from "../../../../core/events/mod.ts";
import type { RunFacts } from "../../api.ts";
import { Dialog } from "../base/dialog.tsx";
import { Button } from "../base/parts.tsx";
import { Words } from "../base/words.tsx";
import { forkCommand, turnsKept } from "./fork_command.ts";
import { type KnownSetting, knownSettings } from "./known_settings.ts";

/** How the user calls the program. */
const PROGRAM = "deno task";

/** Two choices in the list of settings that are not names of settings. */
const OTHER = "other";
const UNCHANGED = "unchanged";

type Change = Readonly<{ setting: string; value: string; path: string; text: string }>;

const NOTHING: Change = { setting: "", value: "", path: "", text: "" };

/** Whether a branch can begin after the slot: at least one planned turn must follow the slot. */
export function canBranch(slot: Slot, { turns, imported }: DiscussionDesign): boolean {
  return imported === undefined && turnsKept(slot) < turns;
}

/** The dialog. */
export function BranchDialog(
  { run, slot, design, isCopied, onCopy, onClose }: Readonly<{
    run: RunFacts;
    slot: Slot;
    design: DiscussionDesign;
    isCopied: boolean;
    onCopy: (text: string) => void;
    onClose: () => void;
  }>,
): VNode {
  const settings = useMemo(() => run.experimentText === null ? [] : knownSettings(run.experimentText), [
    run.experimentText,
  ]);
  const [isCondition, setCondition] = useState(false);
  const [change, setChange] = useState(NOTHING);
  const kept = turnsKept(slot);
  const [at, setAt] = useState(kept);
  const changes = changesOf(change, settings);
  const isChosen = changes.length > 0 || change.setting === UNCHANGED;
  const command = isChosen
    ? forkCommand({
      program: PROGRAM,
      place: run.place ?? run.name,
      of: isCondition ? { condition: design.condition } : { discussion: design.id },
      at,
      settings: changes,
    })
    : "";
  return (
    <Dialog title="Branch from here" onClose={onClose}>
      <div class="branch">
        <fieldset>
          <legend>Continue</legend>
          <Choice name="of" isChosen={!isCondition} onChoose={() => setCondition(false)}>
            this discussion, <Words text={design.id} />
          </Choice>
          <Choice name="of" isChosen={isCondition} onChoose={() => setCondition(true)}>
            all discussions of the condition <Words text={design.condition} />
          </Choice>
        </fieldset>
        <fieldset>
          <legend>Keep</legend>
          <Choice name="at" isChosen={at === kept} onChoose={() => setAt(kept)}>
            {kept === 0
              ? "only the openings"
              : `turn ${kept} and all before it${
                design.moderator === null ? "" : "; the moderator is asked again"
              }`}
          </Choice>
          {kept > 0 && (
            <Choice name="at" isChosen={at === kept - 1} onChoose={() => setAt(kept - 1)}>
              {kept === 1
                ? "only the openings, and take turn 1 again"
                : `all before turn ${kept}, and take turn ${kept} again`}
            </Choice>
          )}
        </fieldset>
        <ChangeFields settings={settings} change={change} onChange={setChange} />
        <label class="command">
          Command
          <textarea
            readOnly
            rows={3}
            value={command}
            placeholder="Choose first what the branch changes."
            spellcheck={false}
          />
        </label>
        <p class="actions">
          <Button kind="main" disabled={!isChosen} onPress={() => onCopy(command)}>Copy the command</Button>
          <span role="status">{isCopied && "Copied."}</span>
        </p>
        <p class="under">
          {changes.length === 0
            ? "Without a changed setting, the branches differ from the discussion only by chance. "
            : "Each discussion is continued twice: unchanged and changed. "}
          Run the command in a POSIX shell, in the folder from which you call SynDisco. If SynDisco is
          installed, write <code>syndisco</code> instead of <code>deno task</code>.
        </p>
      </div>
    </Dialog>
  );
}

function Choice(
  { name, isChosen, onChoose, children }: Readonly<{
    name: string;
    isChosen: boolean;
    onChoose: () => void;
    children: ComponentChildren;
  }>,
): VNode {
  return (
    <label>
      <input type="radio" name={name} checked={isChosen} onChange={onChoose} />
      <span>{children}</span>
    </label>
  );
}

function ChangeFields(
  { settings, change, onChange }: Readonly<{
    settings: readonly KnownSetting[];
    change: Change;
    onChange: (change: Change) => void;
  }>,
): VNode {
  const known = settings.find(({ name }) => name === change.setting);
  return (
    <fieldset class="changed">
      <legend>Change</legend>
      <label>
        Setting
        <select
          value={change.setting}
          onChange={(event) => onChange({ ...NOTHING, setting: event.currentTarget.value })}
        >
          <option value="">choose</option>
          <option value={UNCHANGED}>continue without a change</option>
          {settings.map(({ name }) => <option key={name} value={name}>{name}</option>)}
          <option value={OTHER}>another value of the experiment file</option>
        </select>
      </label>
      {known !== undefined && (
        <label>
          Value
          <select
            value={change.value}
            onChange={(event) => onChange({ ...change, value: event.currentTarget.value })}
          >
            <option value="">choose</option>
            {known.values.map(({ label }) => <option key={label} value={label}>{label}</option>)}
          </select>
        </label>
      )}
      {known === undefined && change.setting === OTHER && (
        <>
          <label>
            Path
            <input
              value={change.path}
              placeholder="discussion.history"
              onInput={(event) => onChange({ ...change, path: event.currentTarget.value.trim() })}
            />
          </label>
          <label>
            Value, as YAML
            <input
              value={change.text}
              placeholder="3"
              onInput={(event) => onChange({ ...change, text: event.currentTarget.value })}
            />
          </label>
        </>
      )}
    </fieldset>
  );
}

function changesOf({ setting, value, path, text }: Change, settings: readonly KnownSetting[]) {
  const known = settings.find(({ name }) => name === setting);
  if (known !== undefined) return known.values.find(({ label }) => label === value)?.settings ?? [];
  return setting === OTHER && path !== "" && text !== "" ? [{ path, value: text }] : [];
}
