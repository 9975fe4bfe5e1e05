# Expected values of compare_outcomes_test.ts: lme4 1.1-31, lmerTest 3.1-3 and metafor 3.8-1 (R 4.2.2).
# Run: Rscript analysis/testing/compare_outcomes_reference.R
suppressMessages({
  library(lmerTest)
  library(metafor)
})
options(digits = 10)

# Five replicates of two crossed factors, four comments per discussion. The test uses the same formulas.
data <- expand.grid(turn = 0:3, big = 0:1, gentle = 0:1, r = 0:4)
data <- within(data, {
  discussion <- paste(r, gentle, big)
  y <- (r * 7 + gentle * 3 + big * 5 + r * gentle * big) %% 6 +
    (turn * turn * 5 + r * 3 + gentle * 2 + big) %% 4 + (3 + 0.5 * turn) * gentle
  centred <- turn - mean(turn)
  # An effect is then the mean over the levels of the other factors.
  gentle <- gentle - 0.5
  big <- big - 0.5
})
strict <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12))
show <- function(model) {
  print(coef(summary(model)), digits = 10)
  print(as.data.frame(VarCorr(model))$vcov, digits = 10)
  coef(summary(model))
}
main <- show(lmer(y ~ gentle * big + (1 | discussion), data, control = strict))
turns <- show(lmer(y ~ gentle * big + gentle * centred + (1 | discussion), data, control = strict))
explored <- show(lmer(y ~ gentle * big + (gentle + big) * centred + (1 | discussion), data, control = strict))
print(p.adjust(explored[c("centred", "big:centred"), "Pr(>|t|)"], "BH"))

# The mean and the diversity of each discussion.
means <- aggregate(y ~ big + gentle + r, data, mean)
means <- within(means, {
  gentle <- gentle + 0.5
  big <- big + 0.5
  diversity <- ((r * 5 + big * 2) %% 7 + 3 * gentle) / 10
})
permuted <- function(level) {
  deviations <- means$diversity - mean(means$diversity)
  sums <- abs(colSums(combn(deviations, sum(level))))
  mean(sums >= abs(sum(deviations[level])) * (1 - 1e-10))
}
permutations <- c(permuted(means$gentle == 1), permuted(means$big == 1))
print(permutations)
print(coef(lm(diversity ~ gentle + big, means)))

# The whole family. The interaction of factors is not tested on diversity.
family <- c(main[c("gentle", "big", "gentle:big"), "Pr(>|t|)"], turns["gentle:centred", "Pr(>|t|)"], permutations)
print(rbind(family, p.adjust(family, "holm"), p.adjust(family, "BH")), digits = 10)

# Each replicate is a pair. Its values are means over the models.
of <- function(level) tapply(means$y[means$gentle == level], means$r[means$gentle == level], mean)
print(of(1) - of(0))
paired <- t.test(of(1), of(0), paired = TRUE)
print(c(paired$estimate, paired$statistic, paired$p.value, paired$conf.int))

x <- means$y[means$gentle == 1]
reference <- means$y[means$gentle == 0]
g <- escalc("SMD", m1i = mean(x), sd1i = sd(x), n1i = 10, m2i = mean(reference), sd2i = sd(reference), n2i = 10)
print(c(g$yi, sqrt(g$vi)))
