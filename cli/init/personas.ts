/** The template `personas`. */
import { type InitTemplate, REAL_MODEL, runIt } from "./init_template.ts";

/** A study of who takes part, whose factor is the list of personas. */
export const personas: InitTemplate = {
  name: "personas",
  summary: "the effect of who takes part",
  file: "experiment.yaml",
  text:
    `# A study of personas: do discussions change with the people who take part? Everything random follows from the seed.
name: persona-study
seed: 42

# Models by name. The scripted one needs no network: it reads its replies from here. Results of a scripted model only
# show what a report looks like.
models:
  script:
    adapter: scripted
    replies:
      - "{{author}}, that is how it looks from where you live."
      - My name is {{speaker}}, and I would rather keep it as it is.
      - Has anyone asked the people whom "{{last}}" is about?
      - I would try it for a year, and then count.
      - PASS
${REAL_MODEL}
# Who takes part. The factor below gives the personas. A persona can have any attributes; its prompt lists them.
participants:
  model: script
  count: 3 # sampled from the personas for each discussion
  context: You are taking part in an online discussion of your town's plans.
  instructions: Write one short comment, as the person described would write it.

# Opening comments. One entry is drawn for each discussion.
openings:
  - The council wants to close the city centre to cars. What do you think?
  - The library may have to close on Saturdays. What do you think?

discussion:
  turns: 9
  history: 4 # comments that a prompt shows
  turnTaking: round-robin # everyone speaks equally often; or respond, random, weighted, mention

# Every level of the factor is a condition. A level can also be the path of a file: people/alike.csv.
design:
  factors:
    participants.personas:
      - label: alike
        value:
          - { name: Anna, age: 34, occupation: nurse, "lives in": the city centre, "goes to work": by bicycle }
          - { name: Ben, age: 31, occupation: designer, "lives in": the city centre, "goes to work": on foot }
          - { name: Chloe, age: 29, occupation: student, "lives in": the city centre, "goes to work": by bicycle }
          - { name: Dan, age: 36, occupation: teacher, "lives in": the city centre, "goes to work": by bus }
      - label: mixed
        value:
          - { name: Anna, age: 34, occupation: nurse, "lives in": the city centre, "goes to work": by bicycle }
          - { name: Max Bauer, age: 58, occupation: bus driver, "lives in": a village, "goes to work": by car }
          - { name: Maria Theodora Weber, age: 71, occupation: retired, "lives in": the suburbs }
          - { name: Jo, age: 22, occupation: carpenter, "lives in": the suburbs, "goes to work": by car }
  replications: 6

# The research question and its tests. Tests that are declared here before the run is made are confirmatory; all
# other tests in a report are exploratory.
analysis:
  question: Do people who differ write more diverse comments?
  reference: { participants.personas: alike }
  outcomes: [diversity, words]
  effects: [participants.personas]
`,
  next: runIt,
};
