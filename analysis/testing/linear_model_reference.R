# Expected values of linear_model_test.ts: clubSandwich 0.5.8 (R 4.2.2).
# Run: Rscript analysis/testing/linear_model_reference.R
suppressMessages(library(clubSandwich))
options(digits = 12, width = 150)

# Twelve blocks of a 2 × 3 design; the last cells of some blocks are missing.
d <- expand.grid(k = 0:5, block = 0:11)
d <- d[!(d$block %% 4 == 3 & d$k > 3), ]
d$arm <- ifelse(d$k %% 2 == 0, "a", "b")
d$model <- c("m", "n", "o")[d$k %/% 2 + 1]
d$y <- (d$block * 7) %% 5 + (d$block * 13 + d$k * 29) %% 11 / 2 + 0.5 * (d$arm == "b") * (1 + d$block %% 3)

show <- function(model, cluster, constraints) {
  covariance <- vcovCR(model, cluster = cluster, type = "CR2")
  test <- coef_test(model, vcov = covariance, test = "Satterthwaite")
  print(as.data.frame(unclass(test))[!grepl("factor\\(", rownames(test)), ], digits = 12)
  print(Wald_test(model, constrain_zero(constraints, reg_ex = TRUE), vcov = covariance, test = "HTZ"), digits = 12)
}
# Block effects, clusters are blocks.
show(lm(y ~ arm * model + factor(block), d), d$block, "arm.*:model")
print(sigma(lm(y ~ arm * model + factor(block), d))^2, digits = 13)
# No block effects, clusters are blocks.
show(lm(y ~ arm + model, d), d$block, "^model")
# Each row is a cluster: HC2.
show(lm(y ~ arm + model, d), seq_len(nrow(d)), "^model")
# Four blocks.
few <- d[d$block < 4, ]
show(lm(y ~ arm + model + factor(block), few), few$block, "^model")

# permuteFactorial(): F of the interaction and of the arm given blocks, and p by Freedman and Lane's method.
freedman_lane <- function(full, reduced, permutations) {
  f_of <- function(y) {
    d$y <- y
    anova(lm(reduced, d), lm(full, d))$F[2]
  }
  fit <- lm(reduced, d)
  observed <- f_of(d$y)
  drawn <- replicate(permutations, f_of(fitted(fit) + ave(residuals(fit), d$block, FUN = function(e) e[sample.int(length(e))])))
  print(c(observed, (sum(drawn >= observed * (1 - 1e-10)) + 1) / (permutations + 1)), digits = 12)
}
set.seed(42)
freedman_lane(y ~ arm * model + factor(block), y ~ arm + model + factor(block), 4000)
print(anova(lm(y ~ model + factor(block), d), lm(y ~ arm + model + factor(block), d))$F[2], digits = 12)

# A design with 36 arrangements: F, and the share of arrangements with an F at least as large.
small <- data.frame(y = c(1, 4, 6, 2, 3, 9), block = rep(c("x", "y"), each = 3), level = rep(c("p", "q", "r"), 2))
orders <- list(c(1, 2, 3), c(1, 3, 2), c(2, 1, 3), c(2, 3, 1), c(3, 1, 2), c(3, 2, 1))
f_of <- function(y) anova(lm(y ~ small$block), lm(y ~ small$block + small$level))$F[2]
f <- c(sapply(orders, function(a) sapply(orders, function(b) f_of(c(small$y[1:3][a], small$y[4:6][b])))))
print(c(f_of(small$y), sum(f >= f_of(small$y) * (1 - 1e-10)), length(f)), digits = 12)

# A factor and a covariate in two blocks: 576 arrangements of the residuals of the model without the factor.
crossed <- data.frame(y = c(1, 2.2, 7, 9.1, 3, 3.6, 8.3, 12.5), block = rep(c("x", "y"), each = 4), arm = c("a", "b"), size = c(1, 2, 3, 5, 2, 4, 7, 8))
orders <- as.matrix(expand.grid(1:4, 1:4, 1:4, 1:4))
orders <- orders[apply(orders, 1, function(o) length(unique(o)) == 4), ]
reduced <- lm(y ~ block + size, crossed)
e <- residuals(reduced)
f_of <- function(y) anova(lm(y ~ crossed$block + crossed$size), lm(y ~ crossed$block + crossed$size + crossed$arm))$F[2]
f <- c(apply(orders, 1, function(a) apply(orders, 1, function(b) f_of(fitted(reduced) + c(e[1:4][a], e[5:8][b])))))
print(c(f_of(crossed$y), sum(f >= f_of(crossed$y) * (1 - 1e-10)), length(f)), digits = 12)
