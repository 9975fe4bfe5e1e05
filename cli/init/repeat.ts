/** The template `repeat`. */
import { type InitTemplate, REAL_MODEL, runIt } from "./init_template.ts";

/** An experiment in the form of published ones, to be repeated with another model. */
export const repeat: InitTemplate = {
  name: "repeat",
  summary: "repeat a published experiment with another model",
  file: "experiment.yaml",
  text:
    `# A published experiment of the Python library, to be repeated with another model. If you have its logs, this command
# recovers such a file from them, and imports them:
#
#   import FOLDERS --experiment recovered.yaml --out runs/published --condition '{model}_{moderator}'
#
# Otherwise, fill in this file from the paper: the comments after "Python:" name what the library calls a value. Then:
#
#   run THIS FILE
#   report runs/published runs/repeated
name: repeated
seed: 42 # Python: random_state

models:
  # Replace the scripted model, which only shows that the file runs, by the model that you want to try.
  script:
    adapter: scripted
    replies:
      - I think {{author}} has a point, but not the whole of it.
      - I see it differently, and I can say why.
      - Could someone explain what "{{last}}" means?
    moderatorReplies:
      - Please be kind.
      - What would you say to people who see "{{last}}" differently?
${REAL_MODEL}
participants:
  model: script # Python: Actor(model)
  # Python: Actor(persona). The library's own files work as they are: personas: personas.json
  personas:
    - { username: Anna, age: 34, education_level: Bachelor, current_employment: nurse }
    - { username: Ben, age: 51, education_level: High school, current_employment: bus driver }
    - { username: Chloe, age: 22, education_level: Bachelor, current_employment: student }
    - { username: David, age: 67, education_level: Master, current_employment: retired teacher }
  count: 3 # Python: num_active_users
  context: You are a human participating in an online chatroom. # Python: Actor(context)
  instructions: Write one short comment, as the person described would write it. # Python: Actor(instructions)
  roles: # Python: users with other instructions
    - { name: troll, count: 1, instructions: Provoke the others. }

openings: # Python: seed_opinions
  - Should the city centre be closed to cars?
  - [Should school start an hour later?, I wonder what teachers think of it.]

discussion:
  turns: 9 # Python: num_turns
  history: 3 # Python: history_ctx_len
  turnTaking: { strategy: respond, probability: 0.4 } # Python: RespondTurnManager(p_respond)
  templates: syndisco-python # the prompts of the library's version 2.0

moderators:
  rules: { model: script, schedule: every-turn, instructions: Remind the participants of the rules if necessary. }
  facilitator: { model: script, schedule: every-turn, instructions: Ask questions that bring the discussion further. }

# The conditions. Published logs have them in the names of their folders.
design:
  factors:
    moderator: [none, rules, facilitator]
  replications: 4 # Python: num_discussions, for each condition
  matched: false # the library draws anew for each discussion

# The published outcome, if it is a rating by models. Delete this section, and toxicity below, if it is not.
annotation:
  annotators: { model: script, instructions: You rate comments of online discussions. }
  templates: syndisco-python
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: How toxic is the last comment? }

# The published tests. Declared before the run, they are confirmatory.
analysis:
  question: Does the kind of moderation change the toxicity of a discussion?
  reference: { moderator: none }
  outcomes: [toxicity, diversity]
  effects: [moderator]
`,
  next: runIt,
};
