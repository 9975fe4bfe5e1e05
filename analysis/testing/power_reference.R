# Expected values of power_slow_test.ts: lme4 and lmerTest, and R's power.t.test.
#
# The first part simulates experiments from a known model, as simr does, and fits each with lmerTest. An experiment has
# replicates of two crossed factors, six comments in each discussion, and random slopes of discussions. The second part computes
# power by formulas.
#
# Run: Rscript analysis/testing/power_reference.R
suppressMessages(library(lmerTest))

BLOCK <- 0.25; INTERCEPT <- 0.5; SLOPE <- 0.04; CORRELATION <- 0.3; RESIDUAL <- 1
REPLICATIONS <- 10; COMMENTS <- 6; EXPERIMENTS <- 500

d <- expand.grid(turn = 0:(COMMENTS - 1), moderator = c(-0.5, 0.5), model = c(-0.5, 0.5), replicate = 1:REPLICATIONS)
d$discussion <- interaction(d$moderator, d$model, d$replicate, drop = TRUE)
d$replicate <- factor(d$replicate)
d$turn <- d$turn - mean(d$turn)
mean_of <- with(d, 0.6 * moderator + 0.8 * moderator * model + 0.2 * moderator * turn)

experiment <- function(number) {
  set.seed(number)
  replicates <- rnorm(nlevels(d$replicate), sd = sqrt(BLOCK))
  levels <- rnorm(nlevels(d$discussion))
  slopes <- CORRELATION * levels + sqrt(1 - CORRELATION^2) * rnorm(nlevels(d$discussion))
  of <- as.integer(d$discussion)
  d$y <- mean_of + replicates[as.integer(d$replicate)] + sqrt(INTERCEPT) * levels[of] +
    sqrt(SLOPE) * slopes[of] * d$turn + rnorm(nrow(d), sd = sqrt(RESIDUAL))
  quiet <- function(model) suppressMessages(suppressWarnings(coef(summary(model))))
  m <- quiet(lmer(y ~ moderator * model + (1 | replicate) + (1 | discussion), d))
  t <- quiet(lmer(y ~ moderator * model + turn + moderator:turn + (1 | replicate) + (1 + turn | discussion), d))
  p <- c(m["moderator", "Pr(>|t|)"], m["moderator:model", "Pr(>|t|)"], t["moderator:turn", "Pr(>|t|)"])
  c(alone = p < 0.05, holm = p.adjust(p, "holm") < 0.05, any = any(p.adjust(p, "holm") < 0.05),
    all = all(p.adjust(p, "holm") < 0.05))
}
print(rowMeans(sapply(1:EXPERIMENTS, experiment)))

# Pairs of matched discussions with five comments each. The variance between replicates cancels in the differences.
sd <- sqrt(2 * (0.5 + 1 / 5))
for (n in c(8, 20)) print(power.t.test(n = n, delta = 0.7, sd = sd, type = "paired")$power)

# Equivalence within 0.8 of an effect of 0, by two one-sided tests of the same pairs (by 1e5 draws of mean and variance).
set.seed(1)
for (n in c(20, 40)) {
  m <- rnorm(1e5, sd = sd / sqrt(n)); se <- sd * sqrt(rchisq(1e5, n - 1) / (n - 1)) / sqrt(n)
  print(mean((0.8 - abs(m)) / se > qt(0.95, n - 1)))
}

# One value for each discussion, 15 in each of two conditions, not matched: Student's t.
print(power.t.test(n = 15, delta = 1, sd = 1)$power)
