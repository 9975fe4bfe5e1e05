# Expected values of mixed_model_test.ts: lme4 1.1-31, lmerTest 3.1-3 and emmeans 1.8.4-1 (R 4.2.2).
# Run: Rscript analysis/testing/mixed_model_reference.R
suppressMessages(library(lmerTest))
options(digits = 10)

# Ten groups of one to seven rows, half of them in each arm. The test uses the same formulas.
sizes <- c(1, 3, 5, 7, 2, 4, 6, 1, 3, 5)
group <- rep(0:9, sizes)
turn <- unlist(lapply(sizes, function(n) 0:(n - 1)))
arm <- ifelse(group %% 2 == 0, "a", "b")
y <- (group * 37) %% 11 + (turn * turn * 5 + group * 3) %% 7 + 0.5 * turn * (arm == "b")

show <- function(model, ddf = "Satterthwaite") {
  print(coef(summary(model, ddf = ddf)), digits = 10)
  print(as.data.frame(VarCorr(model))$vcov, digits = 10)
  print(as.numeric(logLik(model)), digits = 10)
}
strict <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12))
show(lmer(y ~ arm * turn + (1 | group), control = strict))
# The trend in each arm.
trends <- emmeans::emtrends(lmer(y ~ arm * turn + (1 | group), control = strict), "arm", var = "turn", lmer.df = "satterthwaite")
print(unclass(as.data.frame(trends)), digits = 10)
show(lmer(y ~ arm * turn + (1 | group), REML = FALSE, control = strict))
print(confint(lmer(y ~ arm * turn + (1 | group), control = strict), method = "Wald"))
# Groups that differ less than by chance: the variance between them is estimated as 0.
z <- (turn * 5 + group) %% 3
show(lmer(z ~ arm + turn + (1 | group), control = strict))

# mixed_model_nested_test.ts: eight blocks of four discussions of four to seven rows.
d <- do.call(rbind, lapply(0:7, function(b) do.call(rbind, lapply(0:3, function(k)
  data.frame(block = b, k = k, turn = 0:(3 + (b + k) %% 4))))))
d$group <- d$block * 4 + d$k
d$arm <- ifelse(d$k %% 2 == 0, "a", "b")
d$model <- ifelse(d$k < 2, "m", "n")
d$y <- (d$block * 7) %% 5 + (d$group * 37) %% 11 / 2 + d$turn * ((d$group * 13) %% 7) / 5 +
  (d$turn * d$turn * 5 + d$group * 3) %% 7 / 2 + 0.3 * d$turn * (d$arm == "b")
d$z <- (d$turn * 5 + d$group) %% 3 + 0.3 * (d$turn - 3) * ((d$group * 13) %% 7 - 3)
options(digits = 12)
nested <- function(formula) {
  model <- lmer(formula, d, control = strict)
  show(model)
  print(as.data.frame(VarCorr(model))[, c("grp", "var1", "var2", "vcov", "sdcor")], digits = 12)
  print(isSingular(model))
  model
}
blocks <- nested(y ~ arm * turn + model + (1 | block) + (1 | group))
slopes <- nested(y ~ arm * turn + model + (turn | group))
both <- nested(y ~ arm * turn + model + (1 | block) + (turn | group))
# Blocks that differ less than by chance.
singular <- nested(z ~ arm * turn + (1 | block) + (turn | group))
# The terms of a model with a factor of three levels.
d$third <- c("p", "q", "r")[d$group %% 3 + 1]
thirds <- lmer(y ~ arm + turn * third + (1 | block) + (turn | group), d, control = strict)
print(contestMD(thirds, rbind(c(0, 0, 0, 1, 0, 0, 0), c(0, 0, 0, 0, 1, 0, 0))), digits = 12)
print(contestMD(thirds, rbind(c(0, 0, 0, 0, 0, 1, 0), c(0, 0, 0, 0, 0, 0, 1))), digits = 12)

# Residuals after subtracting random effects: their skewness, and the share beyond 3 residual deviations.
# Then the share of outcomes at the lowest value, and this value.
e <- residuals(both)
print(c(mean((e - mean(e))^3) / mean((e - mean(e))^2)^1.5, mean(abs(e) > 3 * sigma(both)), mean(d$y == min(d$y)), min(d$y)), digits = 12)
e <- residuals(singular)
print(c(mean((e - mean(e))^3) / mean((e - mean(e))^2)^1.5, mean(abs(e) > 3 * sigma(singular))), digits = 12)
# Some outliers: shares beyond 3 and beyond 2 residual deviations.
row <- seq_len(nrow(d)) - 1
d$w <- (d$group * 3 + d$turn * 5) %% 7 + 6 * (row %% 40 == 0) + 10 * (row %% 80 == 0)
wild <- lmer(w ~ turn + (1 | group), d, control = strict)
print(c(mean(abs(residuals(wild)) > 3 * sigma(wild)), mean(abs(residuals(wild)) > 2 * sigma(wild))), digits = 12)
# The joint degrees of freedom of contrasts with 4/3 and 10, and with 4 and 10.
print(c(lmerTest:::get_Fstat_ddf(c(4 / 3, 10)), lmerTest:::get_Fstat_ddf(c(4, 10))))
# The comparison of fits: chi-square and the mixture's p.
chi <- 2 * as.numeric(logLik(both) - logLik(blocks))
print(c(chi, (pchisq(chi, 1, lower.tail = FALSE) + pchisq(chi, 2, lower.tail = FALSE)) / 2), digits = 12)
chi <- 2 * as.numeric(logLik(both) - logLik(slopes))
print(c(chi, pchisq(chi, 1, lower.tail = FALSE) / 2), digits = 12)

# mixed_model_alike_blocks_test.ts: 3,000 blocks of two groups, most of them with three or four rows.
d <- do.call(rbind, lapply(0:2999, function(b) do.call(rbind, lapply(0:1, function(k)
  data.frame(block = b, k = k, turn = 0:(2 + (b * 7 + k * 3) %% 5 %/% 3 + 2 * (b %% 40 == 0)))))))
d$group <- 2 * d$block + d$k
d$arm <- ifelse(d$k == 0, "a", "b")
row <- seq_len(nrow(d)) - 1
d$y <- (d$block * 37) %% 101 / 50 + (d$group * 53) %% 97 / 60 + d$turn * ((d$group * 29) %% 89 - 44) / 100 +
  (row * 7919) %% 1009 / 400 + 0.1 * d$turn * (d$arm == "b")
nested(y ~ arm * turn + (1 | block) + (1 | group))
nested(y ~ arm * turn + (1 | block) + (turn | group))
