/** @jsxRuntime automatic */
/** @jsxImportSource npm:preact@11.2.0 */
/** The design of a discussion: who takes part, under which rules. */
import type { VNode } from "npm:preact@11.2.0";
import { type DiscussionDesign, optionsText, ruleText } from "../../../../core/events/mod.ts";
import { labelOf } from "../../../../core/experiment/factor_labels.ts";
import { Lines, Words } from "../base/words.tsx";
import { isNamedModerator, peopleWords } from "./plain_words.ts";

/** The design, folded into one line. */
export function DesignHeader(
  { design, labels, classOf }: Readonly<{
    design: DiscussionDesign;
    labels: Readonly<Record<string, string>>;
    classOf: (author: string) => string;
  }>,
): VNode {
  const { participants, moderator, prompt, factors, varied, interventions = [] } = design;
  const roles = new Map(participants.flatMap(({ role }) => role === undefined ? [] : [[role.name, role]]));
  return (
    <details class="design">
      <summary>
        Personas and rules: <Words text={peopleWords(design)} />
      </summary>
      <div class="inside">
        <ul class="people" aria-label="Participants">
          {participants.map(({ name, model, persona, role }) => (
            <li key={name} class={classOf(name)}>
              <strong class="author">
                <Words text={name} />
              </strong>
              {role !== undefined && (
                <>
                  {" "}
                  <span class="role">
                    <Words text={role.name} />
                  </span>
                </>
              )}
              <div>
                <Words
                  text={[optionsText(persona), `model ${model}`].filter((text) => text !== "").join("; ")}
                />
              </div>
            </li>
          ))}
          {moderator !== null && (
            <li class={classOf(moderator.name)}>
              <strong class="author">
                <Words text={moderator.name} />
              </strong>
              {!isNamedModerator(moderator.name) && (
                <>
                  {" "}
                  <span class="role">moderator</span>
                </>
              )}
              <div>
                <Words
                  text={[
                    optionsText(moderator.persona),
                    `asked: ${ruleText(moderator.schedule)}`,
                    `model ${moderator.model}`,
                  ]
                    .filter((text) => text !== "").join("; ")}
                />
              </div>
            </li>
          )}
        </ul>
        <dl class="rules">
          {[...Object.entries(factors), ...Object.entries(varied)].map(([path, label]) => (
            <Fact key={path} name={labelOf(path, labels)} text={label} />
          ))}
          <Fact name="Turn-taking" text={ruleText(design.turnTaking)} />
          <Fact
            name="Prompts show"
            text={design.history === null ? "all comments" : `the last ${design.history} comments`}
          />
          <Fact name="Pass word" text={design.passWord === "" ? "none" : design.passWord} />
          <Fact name="Context" text={prompt.context} />
          <Fact name="Instructions" text={prompt.instructions} />
          {moderator !== null && <Fact name="Instructions of the moderator" text={moderator.instructions} />}
          {[...roles].map(([name, { instructions }]) => (
            <Fact key={name} name={`Instructions of the role ${name}`} text={instructions} />
          ))}
          {interventions.map(({ after, author, text }, index) => (
            <Fact key={index} name={`Scripted after turn ${after}, by ${author}`} text={text} />
          ))}
          {Object.entries(design.models).map(([name, { adapter, sampling, options }]) => (
            <Fact
              key={name}
              name={`Model ${name}`}
              text={[`adapter ${adapter}`, optionsText({ ...sampling } as never), optionsText(options)]
                .filter((text) => text !== "").join("; ")}
            />
          ))}
          <Fact name="Seed" text={design.seed} />
        </dl>
      </div>
    </details>
  );
}

function Fact({ name, text }: Readonly<{ name: string; text: string }>): VNode {
  return (
    <div>
      <dt>
        <Words text={name} />
      </dt>
      <dd>
        <Lines text={text} />
      </dd>
    </div>
  );
}
