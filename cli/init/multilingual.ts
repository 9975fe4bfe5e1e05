/** The template `multilingual`. */
import { type InitTemplate, REAL_MODEL, runIt } from "./init_template.ts";

type Words = Readonly<
  Record<
    "youAre" | "aboutYou" | "lastComments" | "open" | "yourTurn" | "onlyYours" | "youLead" | "orPass",
    string
  >
>;

/** A template set with the words of one language. */
function setIn(language: string, words: Words): string {
  const shown = `{% if comments %}
  ${words.lastComments}:

  {{ comments }}

  {% endif %}`;
  return `# The words of all prompts, in ${language}. docs/reference/templates.md lists the variables.
name: ${language.toLowerCase()}
participantSystem: |-
  {{ context }}

  ${words.youAre}.{% if attributes %} ${words.aboutYou}:{% endif %}


  {% for attribute in attributes %}
  - {{ attribute.name }}: {{ attribute.value }}
  {% endfor %}

  {% if role.instructions %}
  {{ role.instructions }}

  {% endif %}
  {{ instructions }}
participant: |-
  ${shown}
  {% if first %}${words.open}.{% else %}${words.yourTurn}.{% endif %} ${words.onlyYours}.
moderatorSystem: |-
  {{ context }}

  ${words.youLead}.

  {{ instructions }}
moderator: |-
  ${shown}
  ${words.onlyYours}.{% if mayBeSilent %} ${words.orPass}.{% endif %}

comment: "{{ author }}: {{ indented }}"
`;
}

/** A study in German and Arabic. Everything that a model reads is in the language of its condition. */
export const multilingual: InitTemplate = {
  name: "multilingual",
  summary: "the same study in several languages",
  file: "experiment.yaml",
  text:
    `# A study in two languages: does a moderator work alike in both? Everything random follows from the seed.
# german.yaml and arabic.yaml hold the words of the prompts; copy one of them for a language of your own.
# docs/how_to/write_prompts.md explains them. "prompts THIS FILE" shows every prompt before a run.
name: two-languages
seed: 42

# The scripted models need no network. With a real model, one entry serves all languages.
models:
  german:
    adapter: scripted
    replies:
      - "{{author}} hat recht, aber nicht in allem."
      - Ich sehe das anders, und ich kann sagen, warum.
      - Was genau heißt „{{last}}“?
    moderatorReplies: [Bitte bleibt freundlich., Bleiben wir beim Thema., PASS]
  arabic:
    adapter: scripted
    replies:
      - "{{author}} على حق، ولكن ليس في كل شيء."
      - أرى الأمر بشكل مختلف، ويمكنني أن أشرح السبب.
      - ماذا تعني عبارة «{{last}}»؟
    moderatorReplies: [أرجو أن نبقى لطفاء., لنبق في صلب الموضوع., PASS]
${REAL_MODEL}
# The levels of the factor language below set everything that is missing here.
participants:
  count: 3

discussion:
  turns: 8
  history: 3 # comments that a prompt shows
  turnTaking: { strategy: respond, probability: 0.4 }

moderators:
  gentle: { schedule: on-demand }

design:
  factors:
    language:
      - label: German
        set:
          discussion.templates: ./german.yaml
          participants.model: german
          participants.context: Du nimmst an einer Diskussion im Internet teil.
          participants.instructions: Schreibe einen kurzen Kommentar, wie ihn die beschriebene Person schreiben würde.
          participants.personas:
            - { name: Anna, Alter: 34, Beruf: Krankenpflegerin }
            - { name: Jürgen, Alter: 51, Beruf: Busfahrer }
            - { name: Leyla, Alter: 22, Beruf: Studentin }
            - { name: Walter, Alter: 67, Beruf: pensionierter Lehrer }
          openings: [Soll die Innenstadt autofrei werden?, Soll die Schule eine Stunde später beginnen?]
          moderators.gentle.name: Moderation
          moderators.gentle.model: german
          moderators.gentle.instructions: Sorge dafür, dass die Diskussion höflich und beim Thema bleibt.
      - label: Arabic
        set:
          discussion.templates: ./arabic.yaml
          participants.model: arabic
          participants.context: أنت تشارك في نقاش على الإنترنت.
          participants.instructions: اكتب تعليقا قصيرا واحدا كما كان سيكتبه الشخص الموصوف.
          participants.personas:
            - { name: ليلى, العمر: 34, المهنة: ممرضة }
            - { name: كريم, العمر: 51, المهنة: سائق حافلة }
            - { name: سلمى, العمر: 22, المهنة: طالبة }
            - { name: يوسف, العمر: 67, المهنة: معلم متقاعد }
          openings: [هل يجب إغلاق وسط المدينة أمام السيارات؟, هل يجب أن تبدأ المدرسة بعد ساعة؟]
          moderators.gentle.name: المشرف
          moderators.gentle.model: arabic
          moderators.gentle.instructions: احرص على أن يبقى النقاش مهذبا وفي صلب الموضوع.
    moderator: [none, gentle]
  replications: 4

analysis:
  question: Do people write longer comments when a moderator is there, in both languages?
  reference: { moderator: none, language: German }
  outcomes: [words]
  effects: [moderator]
`,
  beside: {
    "german.yaml": setIn("German", {
      youAre: "Du bist {{ name }}",
      aboutYou: "Über dich",
      lastComments: "Die letzten Kommentare der Diskussion",
      open: "Noch hat niemand etwas gesagt. Eröffne die Diskussion, {{ name }}",
      yourTurn: "Du bist an der Reihe, {{ name }}",
      onlyYours: "Schreibe nur deinen eigenen Kommentar",
      youLead: "Du bist {{ name }} und leitest die Diskussion",
      orPass: "Wenn du nicht eingreifen musst, antworte nur mit {{ passWord }}",
    }),
    "arabic.yaml": setIn("Arabic", {
      youAre: "أنت {{ name }}",
      aboutYou: "معلومات عنك",
      lastComments: "آخر التعليقات في النقاش",
      open: "لم يتحدث أحد بعد. افتتح النقاش يا {{ name }}",
      yourTurn: "حان دورك يا {{ name }}",
      onlyYours: "اكتب تعليقك أنت فقط",
      youLead: "أنت {{ name }}، وتدير النقاش",
      orPass: "إذا لم تكن هناك حاجة إلى التدخل فأجب فقط بكلمة {{ passWord }}",
    }),
  },
  next: runIt,
};
