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
# The trend in arm b: a sum of two coefficients, with the standard error from their covariance.
trend <- function(model) {
  of <- function(names) c(sum(coef(summary(model))[names, 1]), sqrt(sum(vcov(model)[names, names])))
  print(of(c("turn", "armb:turn")), digits = 10)
}
trend(logistic)
# With quadrature, glmer leaves a constant out of the likelihood. With Laplace's method, it does not.
model <- clmm(ordinal ~ arm * turn + level + (1 | group), data = d, nAGQ = 15, control = clmm.control(gradTol = 1e-8))
print(coef(summary(model)), digits = 10)
print(c(variance = as.numeric(VarCorr(model)$group), likelihood = as.numeric(logLik(model))), digits = 10)
trend(model)
# Wald's chi-square of a factor of three levels, divided by 2.
chosen <- c("levelq", "levelr")
print(drop(coef(model)[chosen] %*% solve(vcov(model)[chosen, chosen]) %*% coef(model)[chosen]) / 2, digits = 10)
# The same fit as two categories.
two <- clmm(factor(binary) ~ arm * turn + level + (1 | group), data = d, nAGQ = 15, control = clmm.control(gradTol = 1e-8))
print(as.numeric(logLik(two)), digits = 10)

# A category that is far from the latent value. Its probability is the difference of two numbers that round to 1.
print(-log(plogis(-40) - plogis(-41)), digits = 15)

# Robust standard errors, with outcomes that resemble each other less within groups than between them: the variance between
# groups is 0, so glm gives the same fit. In a group all rows have one probability, so CR2 does not depend on how its root
# is taken.
suppressMessages({ library(clubSandwich); library(sandwich) })
d$alike <- ifelse(level == "r", as.numeric((turn + group) %% 3 == 0), (turn + group) %% 2)
few <- glm(alike ~ arm + level, binomial, d, control = list(epsilon = 1e-14))
covariance <- vcovCR(few, cluster = d$group, type = "CR2")
print(as.data.frame(unclass(coef_test(few, vcov = covariance, test = "Satterthwaite"))), digits = 10)
print(as.data.frame(unclass(Wald_test(few, constrain_zero("^level", reg_ex = TRUE), vcov = covariance, test = "HTZ"))), digits = 10)
# Twelve blocks, with one probability in each.
blocks <- vcovCR(few, cluster = paste(d$arm, d$level, group < 15), type = "CR2")
print(as.data.frame(unclass(coef_test(few, vcov = blocks, test = "Satterthwaite")))[, c("SE", "df_Satt")], digits = 10)

# More than 400 clusters: without corrections for few clusters.
many <- data.frame(group = rep(0:449, each = 4), turn = 0:3)
many$arm <- ifelse(many$group %% 3 == 0, "b", "a")
many$outcome <- as.numeric(ifelse(many$arm == "b", (many$turn + many$group %/% 3) %% 4 != 0, (many$turn + many$group) %% 2 == 1) |
  (many$turn == 3 & many$group %% 5 == 0))
fit <- glm(outcome ~ arm * turn, binomial, many, control = list(epsilon = 1e-14))
robust <- vcovCL(fit, cluster = many$group, type = "HC0", cadjust = TRUE)
print(cbind(coef(fit), sqrt(diag(robust))), digits = 10)

# Groups that differ much: a fit with few nodes is not exact.
far <- expand.grid(turn = 0:19, group = 0:23)
far$arm <- ifelse(far$group %% 2 == 0, "a", "b")
far$value <- as.numeric(3.5 * ((far$group * 37) %% 11) / 10 + ((far$turn * 29 + far$group * 13) %% 17) / 6 + 0.5 * (far$arm == "b") > 3.35)
fit <- glmer(value ~ arm + (1 | group), far, binomial, nAGQ = 25,
  control = glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10)))
print(coef(summary(fit)), digits = 10)
print(as.numeric(VarCorr(fit)$group), digits = 10)
