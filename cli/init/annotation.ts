/** The template `annotation`. */
import { type InitTemplate, REAL_MODEL } from "./init_template.ts";

const COMMENTS = "comments.csv";

/** Annotation of existing comments, without discussions of models. */
export const annotation: InitTemplate = {
  name: "annotation",
  summary: "annotate comments that you already have",
  file: "annotation.yaml",
  text:
    `# An annotation: every annotator rates every comment on every scale. Everything random follows from the seed.
# The comments are in ${COMMENTS}. Replace it by your own table, and import it again into another folder.
pass: first-reading
seed: 42

# Models by name. The scripted one needs no network: it draws valid answers at random. So its ratings mean nothing.
models:
  script: { adapter: scripted }
${REAL_MODEL}
# Who annotates: one annotator for each persona. For a single annotator without a persona, leave personas out. With a
# list of models, each of them annotates.
annotators:
  model: script
  instructions: You rate comments of online discussions.
  personas:
    - { name: Rita, age: 58, occupation: teacher }
    - { name: Sam, age: 24, occupation: student }

history: 2 # comments before the rated one that a prompt shows
requests: separate # one request for each scale; together asks for all scales at once

scales:
  toxicity:
    type: ordinal
    min: 1
    max: 5
    labels: { "1": not toxic, "5": very toxic }
    question: How toxic is the last comment?
  stance: { type: nominal, labels: [for, against, neither], question: Where does the last comment stand on the proposal? }
  answers: { type: boolean, question: Does the last comment answer another comment? }
`,
  beside: {
    [COMMENTS]: `discussion,author,text
cars,Anna,I would close the centre to cars tomorrow.
cars,Ben,And who delivers to the shops then? You have not thought for a minute.
cars,Anna,"Deliveries could come before nine, as in other towns."
cars,Chloe,That works where I grew up.
library,David,Closing on Saturdays hits those who work all week.
library,Eda,Hardly anyone reads there anyway.
library,David,I do. So do forty others every Saturday.
library,Eda,"Fine, then keep it open and close on Mondays."
`,
  },
  next: (file, at) => [
    ["import", at(COMMENTS), "--out", "runs/comments"],
    ["annotate", "runs/comments", "--with", file],
    ["report", "runs/comments"],
  ],
};
