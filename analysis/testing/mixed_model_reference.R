# Expected values of mixed_model_test.ts: lme4 1.1-31 and lmerTest 3.1-3 (R 4.2.2).
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
show(lmer(y ~ arm * turn + (1 | group), REML = FALSE, control = strict))
print(confint(lmer(y ~ arm * turn + (1 | group), control = strict), method = "Wald"))
# Groups that differ less than by chance: the variance between them is estimated as 0.
z <- (turn * 5 + group) %% 3
show(lmer(z ~ arm + turn + (1 | group), control = strict))
