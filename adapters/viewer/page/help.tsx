/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The dialog with all keys, and with the choices of display. */
import type { VNode } from "npm:preact@11.2.0";
import { useState } from "npm:preact@11.2.0/hooks";
import { Dialog } from "./base/dialog.tsx";
import { KEY_TABLE, type KeyScope } from "./base/key_table.ts";
import { activeKeys, keyLabel } from "./base/keys.ts";
import { changeSettings, type Settings, useSettings } from "./base/settings.ts";

/** Keys and display. */
export function Help({ onClose }: Readonly<{ onClose: () => void }>): VNode {
  const [active] = useState(activeKeys);
  const scopes: [string, KeyScope][] = Object.entries(KEY_TABLE);
  return (
    <Dialog title="Keys and display" onClose={onClose}>
      <Display />
      <div class="key-lists">
        {scopes.filter(([, { keys }]) => Object.keys(keys).length > 0).map(([scope, { title, keys }]) => (
          <section key={scope}>
            <h3>{title}</h3>
            <dl>
              {Object.entries(keys).map(([name, { press, text }]) => (
                <div key={name} class={active.has(`${scope} ${name}`) ? undefined : "inactive"}>
                  <dt>{press.map((keys) => <kbd key={keys}>{keyLabel(keys)}</kbd>)}</dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="under">Grey keys work on other pages.</p>
    </Dialog>
  );
}

function Display(): VNode {
  const { theme, density, letters, marks } = useSettings();
  return (
    <div class="display">
      <Choice
        name="theme"
        title="Colours"
        value={theme}
        choices={[["system", "as the system"], ["light", "light"], ["dark", "dark"]]}
        onChoose={(value) => changeSettings({ theme: value })}
      />
      <Choice
        name="density"
        title="Rows"
        value={density}
        choices={[["dense", "dense"], ["calm", "calm"]]}
        onChoose={(value: Settings["density"]) => changeSettings({ density: value })}
      />
      <Switch
        title="Use letters and signs as keys"
        isOn={letters}
        onChange={(value) => changeSettings({ letters: value })}
      />
      <Switch
        title="Show hidden characters as marks"
        isOn={marks}
        onChange={(value) => changeSettings({ marks: value })}
      />
    </div>
  );
}

function Choice<Value extends string>(
  { name, title, value, choices, onChoose }: Readonly<{
    name: string;
    title: string;
    value: Value;
    choices: readonly (readonly [Value, string])[];
    onChoose: (value: Value) => void;
  }>,
): VNode {
  return (
    <fieldset class="choice">
      <legend>{title}</legend>
      {choices.map(([id, text]) => (
        <label key={id}>
          <input type="radio" name={name} checked={id === value} onChange={() => onChoose(id)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

function Switch(
  { title, isOn, onChange }: Readonly<{ title: string; isOn: boolean; onChange: (isOn: boolean) => void }>,
): VNode {
  return (
    <label class="switch">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      {title}
    </label>
  );
}
