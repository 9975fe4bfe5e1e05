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
# No block effects, clusters are blocks.
show(lm(y ~ arm + model, d), d$block, "^model")
# Each row is a cluster: HC2.
show(lm(y ~ arm + model, d), seq_len(nrow(d)), "^model")
# Four blocks.
few <- d[d$block < 4, ]
show(lm(y ~ arm + model + factor(block), few), few$block, "^model")
