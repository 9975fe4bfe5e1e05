# Expected values of link_model_test.ts: lme4 1.1-31 and ordinal 2022.11-16 (R 4.2.2).
# Run: Rscript analysis/testing/link_model_reference.R
suppressMessages({ library(lme4); library(ordinal) })
options(digits = 10, width = 150)

# Thirty groups of five to nine rows; half of the groups are in each arm.
sizes <- 5 + (0:29 * 3) %% 5
group <- rep(0:29, sizes)
turn <- unlist(lapply(sizes, function(n) 0:(n - 1)))
arm <- ifelse(group %% 2 == 0, "a", "b")
level <- c("p", "q", "r")[group %% 3 + 1]
latent <- (group * 37) %% 11 / 5 + (turn * 29 + group * 13) %% 17 / 6 + 0.5 * (arm == "b") + 0.1 * turn
binary <- as.numeric(latent > 2.9)
ordinal <- findInterval(latent, c(1.5, 2.5, 3.2, 4.2)) + 1
d <- data.frame(group = factor(group), turn, arm, level, binary, ordinal = factor(ordinal))

logistic <- glmer(binary ~ arm * turn + level + (1 | group), d, binomial, nAGQ = 25,
  control = glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10)))
print(coef(summary(logistic)), digits = 10)
print(c(variance = as.numeric(VarCorr(logistic)$group), likelihood = as.numeric(logLik(logistic))), digits = 10)
# glmer leaves a constant out of the likelihood with quadrature; with Laplace's method it does not.
model <- clmm(ordinal ~ arm * turn + level + (1 | group), data = d, nAGQ = 15, control = clmm.control(gradTol = 1e-8))
print(coef(summary(model)), digits = 10)
print(c(variance = as.numeric(VarCorr(model)$group), likelihood = as.numeric(logLik(model))), digits = 10)
# Wald's chi-square of a factor of three levels, divided by 2.
chosen <- c("levelq", "levelr")
print(drop(coef(model)[chosen] %*% solve(vcov(model)[chosen, chosen]) %*% coef(model)[chosen]) / 2, digits = 10)
# The same fit as two categories.
two <- clmm(factor(binary) ~ arm * turn + level + (1 | group), data = d, nAGQ = 15, control = clmm.control(gradTol = 1e-8))
print(as.numeric(logLik(two)), digits = 10)
