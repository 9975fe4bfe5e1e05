/** The template `multilingual`. */
import { type InitTemplate, REAL_MODEL, runIt } from "./init_template.ts";

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
    "german.yaml": `# The words of all prompts, in German. docs/reference/templates.md lists the variables.
name: german
participantSystem: |-
  {{ context }}

  Du bist {{ name }}.{% if attributes %} Über dich:{% endif %}


  {% for attribute in attributes %}
  - {{ attribute.name }}: {{ attribute.value }}
  {% endfor %}

  {{ instructions }}
participant: |-
  {% if comments %}
  Die letzten Kommentare der Diskussion:

  {{ comments }}

  {% endif %}
  {% if first %}Noch hat niemand etwas gesagt. Eröffne die Diskussion, {{ name }}.{% else %}Du bist an der Reihe, {{ name }}.{% endif %} Schreibe nur deinen eigenen Kommentar.
moderatorSystem: |-
  {{ context }}

  Du bist {{ name }} und leitest die Diskussion.

  {{ instructions }}
moderator: |-
  {% if comments %}
  Die letzten Kommentare der Diskussion:

  {{ comments }}

  {% endif %}
  Schreibe nur deinen eigenen Kommentar.{% if mayBeSilent %} Wenn du nicht eingreifen musst, antworte nur mit {{ passWord }}.{% endif %}

comment: "{{ author }}: {{ indented }}"
`,
    "arabic.yaml": `# The words of all prompts, in Arabic. docs/reference/templates.md lists the variables.
name: arabic
participantSystem: |-
  {{ context }}

  أنت {{ name }}.{% if attributes %} معلومات عنك:{% endif %}


  {% for attribute in attributes %}
  - {{ attribute.name }}: {{ attribute.value }}
  {% endfor %}

  {{ instructions }}
participant: |-
  {% if comments %}
  آخر التعليقات في النقاش:

  {{ comments }}

  {% endif %}
  {% if first %}لم يتحدث أحد بعد. افتتح النقاش يا {{ name }}.{% else %}حان دورك يا {{ name }}.{% endif %} اكتب تعليقك أنت فقط.
moderatorSystem: |-
  {{ context }}

  أنت {{ name }}، وتدير النقاش.

  {{ instructions }}
moderator: |-
  {% if comments %}
  آخر التعليقات في النقاش:

  {{ comments }}

  {% endif %}
  اكتب تعليقك أنت فقط.{% if mayBeSilent %} إذا لم تكن هناك حاجة إلى التدخل فأجب فقط بكلمة {{ passWord }}.{% endif %}

comment: "{{ author }}: {{ indented }}"
`,
  },
  next: runIt,
};
