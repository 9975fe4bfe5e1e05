# Expected values of compare_outcomes_test.ts: lme4 1.1-31, lmerTest 3.1-3, clubSandwich 0.5.8 and metafor 3.8-1 (R 4.2.2).
# The trends of trend_tables_test.ts and first_page_test.ts: emmeans 1.8.4-1.
# Run: Rscript analysis/testing/compare_outcomes_reference.R
suppressMessages({
  library(lmerTest)
  library(clubSandwich)
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
show <- function(formula, of) {
  model <- lmer(formula, data, control = strict)
  print(coef(summary(model)), digits = 10)
  print(as.data.frame(VarCorr(model))[, c("grp", "var1", "vcov")], digits = 10)
  coef(summary(model))[of, "Pr(>|t|)"]
}
levels <- show(y ~ gentle * big + (1 | discussion) + (1 | r), c("gentle", "big", "gentle:big"))
trend <- show(y ~ gentle * big + gentle * centred + (1 + centred | discussion) + (1 | r), "gentle:centred")
show(y ~ gentle * big + gentle * centred + (1 | discussion) + (1 | r), "gentle:centred")
# The trend at each level, and at each combination of levels.
trends <- function(formula, by) {
  model <- lmer(formula, within(data, { gentle <- factor(gentle); big <- factor(big) }), control = strict)
  print(as.data.frame(emmeans::emtrends(model, by, var = "centred", lmer.df = "satterthwaite")), digits = 8)
}
trends(y ~ gentle * centred + big + (1 + centred | discussion) + (1 | r), ~gentle)
trends(y ~ gentle * centred * big + (1 + centred | discussion) + (1 | r), ~ gentle * big)
explored <- show(
  y ~ gentle * big + (gentle + big) * centred + (1 + centred | discussion) + (1 | r),
  c("centred", "big:centred")
)
print(p.adjust(explored, "BH"))

# The mean and the diversity of each discussion.
means <- within(aggregate(y ~ big + gentle + r, data, mean), {
  gentle <- gentle + 0.5
  big <- big + 0.5
  diversity <- ((r * 5 + big * 2 + r * gentle * big) %% 7 + 3 * gentle) / 10
})
robust <- function(outcome) {
  model <- lm(reformulate(c("I(gentle - 0.5) * I(big - 0.5)", "factor(r)"), outcome), means)
  test <- coef_test(model, vcov = vcovCR(model, cluster = means$r, type = "CR2"), test = "Satterthwaite")
  test <- as.data.frame(unclass(test))[c(2, 3, 8), ]
  print(test, digits = 10)
  test$p_Satt
}
diversity <- robust("diversity")
robust("y")

# The whole family.
family <- c(levels, trend, diversity)
print(rbind(family, p.adjust(family, "holm"), p.adjust(family, "BH")), digits = 10)

# Each replicate is a pair. Its values are means over the models. The interaction is a difference of differences.
of <- function(level) tapply(means$y[means$gentle == level], means$r[means$gentle == level], mean)
print(of(1) - of(0))
paired <- t.test(of(1), of(0), paired = TRUE)
print(c(paired$estimate, paired$statistic, paired$p.value, paired$conf.int))
cell <- function(gentle, big) means$y[means$gentle == gentle & means$big == big]
differences <- t.test(cell(1, 1) - cell(0, 1) - cell(1, 0) + cell(0, 0))
print(c(differences$estimate, differences$p.value, differences$conf.int))

x <- means$y[means$gentle == 1]
reference <- means$y[means$gentle == 0]
g <- escalc("SMD", m1i = mean(x), sd1i = sd(x), n1i = 10, m2i = mean(reference), sd2i = sd(reference), n2i = 10)
print(c(g$yi, sqrt(g$vi)))

# Two one-sided tests of the contrasts of pairs within a margin of 9, corrected together.
within <- function(test, margin = 9) {
  pt((abs(test$estimate) - margin) / test$stderr, test$parameter)
}
models <- t.test(cell(1, 1) + cell(0, 1) - cell(1, 0) - cell(0, 0))
models$estimate <- models$estimate / 2
models$stderr <- models$stderr / 2
p <- c(within(paired), within(models), within(differences))
print(c(p, p.adjust(p, "holm"), t.test(of(1), of(0), paired = TRUE, conf.level = 0.9)$conf.int))

# Effects by Freedman and Lane's permutation of residuals within replicates. The share of the squares that an effect
# explains has the order of its F.
means <- within(means, {
  gentle <- gentle - 0.5
  big <- big - 0.5
  both <- gentle * big
})
freedmanLane <- function(outcome, tested, others, blocks = means$r, permutations = 99999) {
  ofBlocks <- if (length(unique(blocks)) > 1) "factor(r)"
  without <- lm(reformulate(c(ofBlocks, others), outcome), means)
  qr <- without$qr
  direction <- qr.resid(qr, means[[tested]])
  share <- function(y) {
    left <- qr.resid(qr, y)
    sum(direction * left)^2 / sum(left^2)
  }
  residual <- residuals(without)
  set.seed(1)
  drawn <- replicate(permutations, share(unsplit(lapply(split(residual, blocks), sample), blocks)))
  (1 + sum(drawn >= share(residual) * (1 - 1e-9))) / (permutations + 1)
}
for (outcome in c("y", "diversity")) {
  p <- c(
    both = freedmanLane(outcome, "both", c("gentle", "big")),
    gentle = freedmanLane(outcome, "gentle", c("big", "both")),
    big = freedmanLane(outcome, "big", c("gentle", "both")),
    gentle_without_both = freedmanLane(outcome, "gentle", "big"),
    big_without_both = freedmanLane(outcome, "big", "gentle")
  )
  print(p)
}

# The same without replicates, as if the discussions were not matched.
whole <- rep(1, nrow(means))
print(c(freedmanLane("y", "gentle", "big", whole), freedmanLane("diversity", "gentle", "big", whole)))
