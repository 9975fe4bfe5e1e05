/** What the scripted model says where an experiment gives it no lines. */

/** Lines of participants: neutral, on any topic, and different enough to be told apart in a transcript. */
export const PARTICIPANT_REPLIES: readonly string[] = [
  "I agree with {{author}} on most of this, but I would like to see some numbers first.",
  "That is a fair point. In my own street it looks rather different, though.",
  'When I read "{{last}}", I wonder who would pay for it.',
  "I changed my mind about this last year, after talking to people who are affected.",
  "Could somebody explain what would change for those who work at night?",
  "I am not convinced yet. What happens if only a few people take part?",
  "As far as I know, another town tried it, and it took them two years.",
  'Let me disagree with {{author}}: "{{last}}" leaves out the people who have no choice.',
  "We should try it on a small scale before anybody decides for good.",
  "My main worry is that nobody will look after it once the first excitement is over.",
  "I think that we mix up two questions here: whether it is fair, and whether it works.",
  "It is easy to be against something. What would you propose instead, {{author}}?",
  "I asked my neighbours, and they were split about evenly.",
  "The cost is one thing, but what about the time that all of us would save?",
  "Speaking for myself, {{speaker}} here, I could live with either outcome.",
  "I would support it if there were a clear date on which we look at the results.",
  "Thank you for saying that, {{author}}. I had not thought of it this way.",
  "That sounds good on paper; I have seen similar plans fail for lack of staff.",
  'About "{{last}}": is there a source for that, or is it a guess?',
  "Younger people will see this differently, and they should have a say.",
  "Whatever we choose, it should be simple enough to explain in one sentence.",
  "I do not mind the change itself; I mind that nobody asked us before.",
  "There is a middle way: keep what works, and change the one thing that does not.",
  "I had the same experience as {{author}}, only that it ended better for me.",
];

/** Lines of moderators. */
export const MODERATOR_REPLIES: readonly string[] = [
  "Thank you all. Please give a reason with your opinion, so that others can answer it.",
  "Let us stay with the topic. {{author}}, could you say in one sentence what you propose?",
  "I see two positions so far. Is there anything on which both sides agree?",
  "Please answer the argument and not the person.",
  "We have not heard from everybody yet. What do the others think?",
  "A short reminder: where you name a fact, say where it comes from.",
];
