# Expected values of power_link_slow_test.ts: lme4 1.1-31 and ordinal 2022.11-16 (R 4.2.2).
#
# It simulates experiments from a logistic model and from a cumulative logit model, as simr does, and fits them with glmer and
# clmm. Each discussion has a random intercept. There are enough discussions that robust standard errors hardly differ from the
# packages' standard errors.
#
# Run: Rscript analysis/testing/power_link_reference.R
suppressMessages({ library(lme4); library(ordinal) })

REPLICATIONS <- 30; COMMENTS <- 6; INTERCEPT <- 0.8; EXPERIMENTS <- 1000
d <- expand.grid(comment = 1:COMMENTS, replicate = 1:REPLICATIONS, gentle = c(-0.5, 0.5))
d$discussion <- interaction(d$gentle, d$replicate, drop = TRUE)
latent <- function(effect) {
  levels <- rnorm(nlevels(d$discussion), sd = sqrt(INTERCEPT))
  effect * d$gentle + levels[as.integer(d$discussion)] + rlogis(nrow(d))
}
is_found <- function(model) {
  row <- coef(summary(model))["gentle", ]
  reached <- abs(row[["Estimate"]] / row[["Std. Error"]]) > qt(0.975, 2 * REPLICATIONS - 2)
  c(found = reached, half_width = qt(0.975, 2 * REPLICATIONS - 2) * row[["Std. Error"]])
}
logistic <- sapply(seq_len(EXPERIMENTS), function(number) {
  set.seed(number)
  d$y <- as.numeric(latent(0.9) > 0.4)
  is_found(glmer(y ~ gentle + (1 | discussion), d, binomial, nAGQ = 9))
})
ordinal <- sapply(seq_len(EXPERIMENTS), function(number) {
  set.seed(number)
  d$y <- factor(findInterval(latent(0.8), c(-1, 0.5)))
  is_found(clmm(y ~ gentle + (1 | discussion), data = d, nAGQ = 9))
})
print(rbind(logistic = rowMeans(logistic), ordinal = rowMeans(ordinal)), digits = 6)
