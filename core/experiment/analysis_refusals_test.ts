import assert from "node:assert/strict";
import { parseAnalysis } from "./section_files.ts";
import { ExperimentError, formatProblem } from "./problems.ts";
import { COMPARED, problemsOf, SMALL } from "./testing.ts";

const OUTCOMES =
  "diversity, distinct-2, words, silence-rate, participation-rate, evenness, respond-rate, intervention-rate";
const FORMS = `a scale, pass/scale, scale=label, or one of ${OUTCOMES}`;
const NAMES = `toxicity, share, stance=for, stance=against, rude, ${
  OUTCOMES.replace("intervention-rate", "… (13 in all)")
}`;
const FACTORS = "moderator or models.talker.temperature";

/** Wrong sections and their problems. Each section is on one line and starts at column 11. */
const WRONG: readonly (readonly [what: string, section: string, ...problems: string[]])[] = [
  ["an empty value", "", "11: analysis: expected keys and values, found nothing"],
  ["an unknown key", "{ outcome: [words] }", '13: analysis.outcome: unknown key; did you mean "outcomes"?'],
  [
    "a blank question",
    '{ question: " " }',
    '23: analysis.question: expected a question, found the text " "',
  ],
  [
    "a reference for an unknown factor",
    "{ reference: { moderater: none } }",
    `26: analysis.reference.moderater: there is no factor "moderater": expected ${FACTORS}; did you mean "moderator"?`,
  ],
  [
    "a reference level that is an object with a key toString",
    "{ reference: { moderator: { toString: none } } }",
    '37: analysis.reference.moderator: unknown level of "moderator": expected none or gentle, found keys and values',
  ],
  [
    "an unknown reference level",
    "{ reference: { moderator: gentel } }",
    '37: analysis.reference.moderator: unknown level of "moderator": expected none or gentle, found the text "gentel"; did you mean "gentle"?',
  ],
  [
    "a reference level that is a list",
    "{ reference: { moderator: [none] } }",
    '37: analysis.reference.moderator: unknown level of "moderator": expected none or gentle, found a list; did you mean "none"?',
  ],
  [
    "speakers for a figure of turns, for an unknown outcome, and an unknown word",
    "{ comments: { evenness: all, toxicty: all } }",
    '25: analysis.comments.evenness: "evenness" is no figure of comments',
    `40: analysis.comments.toxicty: there is no outcome "toxicty": expected ${NAMES}; did you mean "toxicity"?`,
  ],
  [
    "an unknown word for the speakers of an outcome",
    "{ comments: { diversity: both } }",
    '36: analysis.comments.diversity: expected participants, moderators or all, or outcomes, each with one of these words, found the text "both"',
  ],
  [
    "looks that are not a list",
    "{ looks: 50 }",
    "20: analysis.looks: expected a list of at least two numbers of discussions, found 50",
  ],
  [
    "a single look",
    "{ looks: [50] }",
    "20: analysis.looks: expected a list of at least two numbers of discussions, found a list",
  ],
  [
    "a look that is not a number of discussions",
    "{ looks: [1.5, 100] }",
    "21: analysis.looks.0: expected a number of discussions, found 1.5",
  ],
  [
    "looks that do not increase",
    "{ looks: [50, 50] }",
    "25: analysis.looks.1: expected a number above 50, which comes before it, found 50",
  ],
  [
    "a last look before the plan is complete",
    "{ looks: [1, 2] }",
    "24: analysis.looks.1: the design plans 4 discussions, but the last look is at 2: it is the most that the run may have",
  ],
  [
    "outcomes that are not a list",
    "{ outcomes: toxicity }",
    '23: analysis.outcomes: expected a list of outcomes, found the text "toxicity"',
  ],
  [
    "an empty list of outcomes",
    "{ outcomes: [] }",
    "23: analysis.outcomes: expected a list of outcomes, found an empty list",
  ],
  [
    "an outcome that is not a text",
    "{ outcomes: [1] }",
    "24: analysis.outcomes.0: expected the name of an outcome, found 1",
  ],
  [
    "outcomes with invalid names",
    "{ outcomes: [a/b/c, stance=, a b/c] }",
    `24: analysis.outcomes.0: expected ${FORMS}, found the text "a/b/c"`,
    `31: analysis.outcomes.1: expected ${FORMS}, found the text "stance="`,
    `40: analysis.outcomes.2: expected ${FORMS}, found the text "a b/c"`,
  ],
  [
    "an unknown outcome",
    "{ outcomes: [toxcity] }",
    `24: analysis.outcomes.0: there is no outcome "toxcity": expected ${NAMES}; did you mean "toxicity"?`,
  ],
  [
    "an outcome that the declared pass does not have",
    "{ outcomes: [annotation/calm] }",
    `24: analysis.outcomes.0: there is no outcome "annotation/calm": expected ${NAMES}`,
  ],
  [
    "a text scale as an outcome",
    "{ outcomes: [why] }",
    '24: analysis.outcomes.0: "why" is a text scale: texts cannot be compared',
  ],
  [
    "a nominal scale without a label",
    "{ outcomes: [annotation/stance] }",
    '24: analysis.outcomes.0: "annotation/stance" is a nominal scale: expected one of its labels, such as annotation/stance=for or annotation/stance=against',
  ],
  [
    "an unknown label",
    "{ outcomes: [stance=agianst] }",
    '24: analysis.outcomes.0: the scale "stance" has no label "agianst": expected stance=for or stance=against; did you mean "stance=against"?',
  ],
  [
    "a label of a scale without labels",
    "{ outcomes: [toxicity=5] }",
    '24: analysis.outcomes.0: "toxicity" is not a nominal scale: name the scale without a label; did you mean "toxicity"?',
  ],
  [
    "repeated outcomes",
    "{ outcomes: [words, toxicity, words, annotation/toxicity] }",
    '41: analysis.outcomes.2: "words" is listed twice',
    '48: analysis.outcomes.3: "annotation/toxicity" is the same as "toxicity"',
  ],
  [
    "an unknown factor to adjust for",
    "{ adjust: [moderater] }",
    '22: analysis.adjust.0: there is no factor "moderater": expected moderator or models.talker.temperature; did you mean "moderator"?',
  ],
  [
    "effects that are not a list",
    "{ effects: moderator }",
    '22: analysis.effects: expected a list of effects, such as [moderator, moderator:turn], found the text "moderator"',
  ],
  [
    "effects that are not texts",
    "{ effects: [moderator: turn, [moderator]] }",
    '23: analysis.effects.0: expected factors joined by ":", found keys and values',
    '40: analysis.effects.1: expected factors joined by ":", found a list',
  ],
  [
    "an effect of an unknown factor",
    "{ effects: ['moderator:turns'] }",
    `23: analysis.effects.0: there is no factor "turns": expected moderator, models.talker.temperature or turn; did you mean "turn"?`,
  ],
  [
    "an effect with an empty name",
    "{ effects: ['moderator:'] }",
    '23: analysis.effects.0: expected factors joined by ":", found the text "moderator:"',
  ],
  [
    "an effect that multiplies a factor by itself",
    "{ effects: ['moderator:turn:moderator'] }",
    '23: analysis.effects.0: "moderator" is multiplied by itself',
  ],
  [
    "repeated effects",
    "{ effects: [moderator, 'turn:moderator', moderator, 'moderator:turn'] }",
    '52: analysis.effects.2: "moderator" is listed twice',
    '63: analysis.effects.3: "moderator:turn" is the same as "turn:moderator"',
  ],
  [
    "repeated factors in adjust",
    "{ effects: [moderator], adjust: [models.talker.temperature, models.talker.temperature] }",
    '71: analysis.adjust.1: "models.talker.temperature" is listed twice',
  ],
  [
    "an effect of turn on figures of whole discussions",
    "{ outcomes: [words, diversity], effects: [turn, moderator] }",
    "53: analysis.effects.0: the outcomes are figures of whole discussions, which do not change from turn to turn",
  ],
  [
    "unknown words for comments, silences, time, test and correction",
    "{ comments: some, silences: keep, time: minute, test: t, correction: bonferroni }",
    '23: analysis.comments: expected participants, moderators or all, or outcomes, each with one of these words, found the text "some"',
    '39: analysis.silences: expected exclude or include, found the text "keep"',
    '51: analysis.time: expected turn or position, found the text "minute"',
    '65: analysis.test: expected mixed-model, paired or permutation, found the text "t"',
    '80: analysis.correction: expected holm, benjamini-hochberg or none, found the text "bonferroni"',
  ],
  [
    "models that do not fit the scales",
    "{ outcomes: [share, rude, words], model: { share: ordinal, rude: ordinal, words: linear, toxicity: linear } }",
    "61: analysis.model.share: an ordinal model needs an ordinal scale of at most 10 values: expected linear",
    "76: analysis.model.rude: an ordinal model needs an ordinal scale of at most 10 values: expected logistic or linear",
    "85: analysis.model.words: a figure of whole discussions is always tested in a linear model of discussions: leave it out here",
    '100: analysis.model.toxicity: the analysis declares no outcome "toxicity": expected share, rude or words',
  ],
  [
    "a logistic model of an ordinal scale",
    "{ outcomes: [toxicity], model: { toxicity: logistic } }",
    "54: analysis.model.toxicity: a logistic model needs a boolean scale or a label: expected linear or ordinal",
  ],
  [
    "margins that are not above 0 or belong to no declared outcome",
    "{ outcomes: [words], margin: { words: 0, diversty: 1 } }",
    "49: analysis.margin.words: expected a number above 0, in the unit of the outcome, found 0",
    '52: analysis.margin.diversty: the analysis declares no outcome "diversty": expected words',
  ],
  [
    "a confidence level above 1",
    "{ level: 95 }",
    "20: analysis.level: expected a number above 0.5 and below 1, such as 0.95, found 95",
  ],
];

for (const [what, section, ...problems] of WRONG) {
  Deno.test(`parseExperiment() refuses ${what} in an analysis`, async () => {
    const text = `${COMPARED}analysis: ${section}`;
    const line = text.split("\n").length;
    assert.deepEqual(await problemsOf(text), problems.map((problem) => `exp.yaml:${line}:${problem}`));
  });
}

Deno.test("parseExperiment() refuses a confidence level that is not between one half and 1", async () => {
  for (const level of ["0.5", "1", "0", "-1", ".nan", ".inf", "high"]) {
    assert.equal((await problemsOf(`${SMALL}analysis: { level: ${level} }`)).length, 1, level);
  }
  assert.deepEqual(await problemsOf(`${SMALL}analysis: { level: 0.501 }`), []);
});

Deno.test("parseExperiment() refuses effects with fewer than two levels, and paired tests without pairs", async () => {
  const without = `${SMALL}analysis: { reference: { moderator: none }, effects: [moderator] }`;
  assert.deepEqual(await problemsOf(without), [
    'exp.yaml:11:26: analysis.reference.moderator: there is no factor "moderator": the discussions have no factors',
    'exp.yaml:11:55: analysis.effects.0: there is no factor "moderator": expected turn',
  ]);
  const one = `${SMALL}design: { factors: { moderator: [none] } }\nanalysis: { effects: [moderator] }`;
  assert.deepEqual(await problemsOf(one), [
    'exp.yaml:12:23: analysis.effects.0: "moderator" has only one level: there is nothing to compare',
  ]);
  const unmatched = COMPARED.replace("design:\n", "design:\n  matched: false\n");
  assert.match(
    (await problemsOf(`${unmatched}analysis: { test: paired }`)).join("\n"),
    /^exp\.yaml:\d+:19: analysis\.test: the paired test needs matched conditions, but the design says matched: false: leave out one of the two$/,
  );
});

Deno.test("parseExperiment() reports a wrong factor or scale once, in its own section", async () => {
  const wrong = COMPARED.replace("[none, gentle]", "[none, none]").replace(
    "min: 1, max: 5",
    "min: 9, max: 5",
  );
  const section = "{ reference: { moderator: gentle }, outcomes: [toxicity, calm], effects: [moderator] }";
  assert.deepEqual(
    (await problemsOf(`${wrong}analysis: ${section}`)).map((problem) => problem.split(": ")[1]),
    [
      "design.factors.moderator.1",
      "annotation.scales.toxicity.max",
    ],
  );
});

Deno.test("parseAnalysis() refuses outcomes and levels that the logs do not contain, and files without an analysis", () => {
  const problemsIn = (text: string) => {
    try {
      parseAnalysis(text, {
        file: "a.yaml",
        factors: { condition: ["calm", "heated"] },
        scales: ["first", "second"].map((pass) => ({
          pass,
          scale: { name: "toxicity", type: "interval", min: 0, max: 1, question: "" },
        })),
      });
    } catch (error) {
      assert.ok(error instanceof ExperimentError);
      return error.problems.map(formatProblem);
    }
    return [];
  };
  const names = `toxicity, second/toxicity, ${OUTCOMES.replace(/, ([^,]*)$/, " or $1")}`;
  assert.deepEqual(
    problemsIn("outcomes: [toxicity, second/toxicity, third/toxicity]\nreference: { condition: heatd }"),
    [
      `a.yaml:1:39: outcomes.2: there is no outcome "third/toxicity": expected ${names}`,
      'a.yaml:2:25: reference.condition: unknown level of "condition": expected calm or heated, found the text "heatd"; did you mean "heated"?',
    ],
  );
  assert.deepEqual(problemsIn("[words]"), [
    "a.yaml:1:1: expected an analysis: keys and values, found a list",
  ]);
  assert.deepEqual(problemsIn("outcomes: [words]\noutcomes: [words]"), [
    "a.yaml:2:1: this key appears twice",
  ]);
  assert.deepEqual(problemsIn(SMALL), ["a.yaml:2:1: the experiment has no section analysis"]);
});
