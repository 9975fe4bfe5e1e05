# Expected values of compare_real_discussions_slow_test.ts: lme4 1.1-31, lmerTest 3.1-3 and emmeans 1.8.4-1 (R 4.2.2).
# Run: Rscript analysis/testing/real_discussions_reference.R "$SYNDISCO_VMD"
suppressMessages({
  library(jsonlite)
  library(lmerTest)
})
options(digits = 8, width = 150)
folder <- commandArgs(trailingOnly = TRUE)[1]

# A row for each turn of a user, with its position in the log, and the score of this position.
rows <- do.call(rbind, lapply(list.files(file.path(folder, "discussions"), recursive = TRUE), function(file) {
  discussion <- fromJSON(file.path(folder, "discussions", file), simplifyVector = FALSE)
  moderator <- if (is.null(discussion$moderator)) "" else discussion$moderator
  isTurn <- vapply(discussion$logs, function(entry) entry$model != "hardcoded" && entry$name != moderator, TRUE)
  parts <- regmatches(dirname(file), regexpr("_", dirname(file)), invert = TRUE)[[1]]
  data.frame(discussion_id = discussion$id, comment_index = which(isTurn) - 1, model = parts[1], strategy = parts[2])
}))
rows <- merge(rows, read.csv(file.path(folder, "toxicity.csv")))
rows$turn <- rows$comment_index - mean(rows$comment_index)

# An effect is the mean over the levels of the other factors.
simple <- function(values, reference) {
  values <- relevel(factor(values), reference)
  k <- nlevels(values)
  contrasts(values) <- contr.treatment(k) - 1 / k
  colnames(contrasts(values)) <- levels(values)[-1]
  values
}
rows$strategy <- simple(rows$strategy, "nomod")
rows$model <- simple(rows$model, "llama8b")
control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10))
show <- function(formula, of) {
  fit <- lmer(formula, rows, control = control)
  found <- coef(summary(fit))
  print(found[grepl(of, rownames(found)), ])
  print(as.data.frame(VarCorr(fit))[, c("grp", "var1", "var2", "vcov", "sdcor")])
  print(c(logLik(fit)))
  list(fit = fit, found = found)
}
without <- show(toxicity ~ strategy * turn + (1 + turn | discussion_id), "strategy.*:turn")
levels <- show(toxicity ~ strategy * model + (1 | discussion_id), "strategy|model")
trends <- show(toxicity ~ strategy * model * turn + (1 + turn | discussion_id), "turn")
intercepts <- show(toxicity ~ strategy * model * turn + (1 | discussion_id), "turn")
p <- c(levels$found[-1, "Pr(>|t|)"], trends$found[grepl("turn", rownames(trends$found)), "Pr(>|t|)"])
print(cbind(p, holm = p.adjust(p, "holm")))

# The trend at each level, and at each combination of levels.
for (by in list(~strategy, ~model, ~ strategy * model)) {
  found <- as.data.frame(emmeans::emtrends(trends$fit, by, var = "turn", lmer.df = "satterthwaite", lmerTest.limit = 6000))
  found[c("turn.trend", "SE", "df")] <- signif(found[c("turn.trend", "SE", "df")], 8)
  print(found[, seq_len(match("df", names(found)))], digits = 8)
}
