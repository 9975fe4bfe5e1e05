/** The template `moderation`. */
import { type InitTemplate, REAL_MODEL, runIt } from "./init_template.ts";

/** A study of a moderator, with a commented example of each section. */
export const moderation: InitTemplate = {
  name: "moderation",
  summary: "the effect of a moderator on discussions",
  file: "experiment.yaml",
  text: `# An experiment: all discussions, and how they run. Everything random follows from the seed.
name: first-experiment
seed: 42

# Models by name. The scripted one needs no network: it reads its replies from here. Some replies quote the last
# comment, so they differ when a moderator speaks. Results of a scripted model only show what a report looks like.
models:
  script:
    adapter: scripted
    replies:
      - I think {{author}} has a point, but not the whole of it.
      - I see it differently, and I can say why.
      - Could someone explain what "{{last}}" means?
      - PASS
    moderatorReplies:
      - Please be kind.
      - Let us keep to the topic.
      - PASS
${REAL_MODEL}
# Who takes part. Personas can also be a file: .json, .yaml or .csv, beside this one.
participants:
  model: script
  count: 3 # sampled from the personas for each discussion
  personas:
    - { name: Anna, age: 34, occupation: nurse }
    - { name: Ben, age: 51, occupation: bus driver, talkativeness: 2 }
    - { name: Chloe, age: 22, occupation: student }
    - { name: David, age: 67, occupation: retired teacher }
  context: You are taking part in an online discussion.
  instructions: Write one short comment, as the person described would write it.
  roles:
    - { name: troll, probability: 0.2, instructions: Provoke the others. }

# Opening comments. One entry is drawn for each discussion.
openings:
  - Should the city centre be closed to cars?
  - [Should school start an hour later?, I wonder what teachers think of it.]

discussion:
  turns: 8
  history: 3 # comments that a prompt shows
  turnTaking: { strategy: respond, probability: 0.4 } # or round-robin, random, weighted, mention

moderators:
  gentle:
    model: script
    instructions: Keep the discussion civil and on its topic.
    schedule: on-demand # or every-turn, { every: 3 }, { schedule: threshold, signal: exclamations, above: 1 }

# Every combination of the levels is a condition. A factor is the path of any value in this file.
design:
  factors:
    moderator: [none, gentle]
  replications: 5
  matched: true # the conditions of one replicate share all draws: personas, openings, speakers and so on

# The research question and its tests. Tests that are declared here before the run is made are confirmatory; all
# other tests in a report are exploratory.
analysis:
  question: Do people write longer comments when a moderator is there?
  reference: { moderator: none } # the level that the others are compared with
  outcomes: [words] # also possible: diversity, …, or the scales of a section annotation
  effects: [moderator]
`,
  next: runIt,
};
