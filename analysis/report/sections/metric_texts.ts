/** What the figures of whole discussions are. */
import { WORDS_COMPARED_MAX } from "../../texts/rouge.ts";
import type { DiscussionMetric } from "../../../core/experiment/analysis_design.ts";
import { formatCount } from "../numbers.ts";

/** Each figure in words. */
export const METRIC_TEXTS: Readonly<Record<DiscussionMetric, string>> = {
  "diversity": "1 − the mean F1 of ROUGE-L over all pairs of comments, those of moderators among them; " +
    `of comments with more than ${
      formatCount(WORDS_COMPARED_MAX)
    } words, and of very many comments, the first words`,
  "distinct-2":
    "the share of different pairs of words in a row among all of them, in the comments of participants and moderators; " +
    "it falls the more is said, so that it compares only discussions of about the same length",
  "words": "the mean number of words of a comment, of those whose comments count",
  "silence-rate": "the share of turns in which the participant chose to say nothing",
  "participation-rate": "the share of participants who made a comment",
  "evenness": "the entropy of comments over participants, 1 where all made equally many",
  "respond-rate": "the share of turns at which the second-to-last speaker came back, where that was possible",
  "intervention-rate": "the share of a moderator's slots in which it spoke",
};
