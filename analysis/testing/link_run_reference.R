# Expected values of cli/commands/report_link_models_slow_test.ts: lme4 1.1-31 and ordinal 2022.11-16 (R 4.2.2).
#
# The estimates are glmer's and clmm's, with adaptive quadrature. The standard errors are robust by replicate (CR2), with
# Satterthwaite's degrees of freedom (Pustejovsky and Tipton 2018): neither package has them for these models. So this program
# integrates the likelihood of each discussion again, takes scores and information by numerical derivatives, and applies the
# definition of CR2 to blocks of the information. It stops if its likelihood differs from glmer's or clmm's.
#
# Run: deno run --allow-all cli/testing/link_models_run.ts FOLDER && Rscript analysis/testing/link_run_reference.R FOLDER
suppressMessages({ library(lme4); library(ordinal); library(numDeriv) })
folder <- commandArgs(trailingOnly = TRUE)[1]
flat <- read.csv(file.path(folder, "flat", "flat.csv"), na.strings = "", encoding = "UTF-8")
flat <- flat[as.logical(flat$counted), ]
flat$rude <- flat$raters_rude_mean
flat$tone <- flat$raters_tone_mean
# An effect is the mean over the levels of the other factors.
flat$host <- (flat$factor_moderator == "host") - 0.5
flat$blunt <- (flat$factor_model == "blunt") - 0.5

# Gauss and Hermite's nodes and weights for the normal distribution, from the eigenvalues of its Jacobi matrix.
QUADRATURE <- 150
jacobi <- matrix(0, QUADRATURE, QUADRATURE)
for (i in 2:QUADRATURE) jacobi[i, i - 1] <- jacobi[i - 1, i] <- sqrt(i - 1)
found <- eigen(jacobi, symmetric = TRUE)
nodes <- found$values
weights <- found$vectors[1, ]^2

# The log-likelihood of one discussion: thresholds, slopes, and the deviation of discussions.
loglik <- function(theta, y, x, categories) {
  cuts <- c(-Inf, theta[seq_len(categories - 1)], Inf)
  slopes <- theta[categories - 1 + seq_len(ncol(x))]
  eta <- drop(x %*% slopes)
  at <- outer(eta, theta[length(theta)] * nodes, "+")
  likely <- plogis(cuts[y + 1] - at) - plogis(cuts[y] - at)
  log(sum(weights * exp(colSums(log(likely)))))
}

power_of <- function(matrix, power) {
  found <- eigen((matrix + t(matrix)) / 2, symmetric = TRUE)
  values <- ifelse(found$values > 1e-10, abs(found$values)^power, 0)
  found$vectors %*% diag(values) %*% t(found$vectors)
}

# CR2 for parameters, from the information and the scores of each cluster. A cluster's information about the variance between
# discussions is not positive. So two formulas for degrees of freedom that are equal in linear models differ here by up to 1 %.
cr2 <- function(informations, scores, contrast, estimate) {
  p <- length(contrast)
  l_inverse <- solve(t(chol(Reduce(`+`, informations))))
  within <- lapply(informations, function(j) l_inverse %*% j %*% t(l_inverse))
  adjust <- lapply(within, function(b) power_of(diag(p) - b, -0.5))
  u <- drop(l_inverse %*% contrast)
  adjusted <- mapply(function(a, s) sum(u * (a %*% l_inverse %*% s)), adjust, scores)
  x <- lapply(within, power_of, 0.5)
  stacked <- do.call(rbind, x)
  free <- diag(nrow(stacked)) - stacked %*% t(stacked)
  parts <- sapply(seq_along(x), function(g) {
    rows <- (g - 1) * p + seq_len(p)
    free[, rows] %*% power_of(diag(p) - x[[g]] %*% t(x[[g]]), -0.5) %*% x[[g]] %*% u
  })
  products <- crossprod(parts)
  df <- max(1, sum(diag(products))^2 / sum(products^2))
  se <- sqrt(sum(adjusted^2))
  reach <- qt(0.975, df) * se
  c(estimate = estimate, se = se, df = df, p = 2 * pt(-abs(estimate / se), df), lower = estimate - reach,
    upper = estimate + reach, equivalence = pt((abs(estimate) - 2) / se, df))
}

test <- function(outcome, terms, wanted) {
  data <- flat[!is.na(flat[[outcome]]), ]
  data$turn <- data$turn - mean(data$turn)
  data$y <- data[[outcome]]
  x <- model.matrix(reformulate(terms), data)[, -1, drop = FALSE]
  formula <- reformulate(c(terms, "(1 | discussion)"), if (outcome == "rude") "y" else "factor(y)")
  if (outcome == "rude") {
    y <- data$y + 1
    model <- glmer(formula, data, binomial, nAGQ = 25,
      control = glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10)))
    theta <- c(-fixef(model)[1], fixef(model)[-1], sqrt(unlist(VarCorr(model))))
    by_model <- coef(summary(model))[wanted, "Std. Error"]
  } else {
    y <- match(data$y, sort(unique(data$y)))
    model <- clmm(formula, data = data, nAGQ = 25, control = clmm.control(gradTol = 1e-9))
    theta <- c(coef(model)[seq_len(max(y) - 1)], coef(model)[-seq_len(max(y) - 1)], sqrt(unlist(VarCorr(model))))
    by_model <- coef(summary(model))[wanted, "Std. Error"]
  }
  groups <- split(seq_along(y), data$discussion)
  of <- function(theta, rows) loglik(theta, y[rows], x[rows, , drop = FALSE], max(y))
  whole <- function(theta) sum(sapply(groups, function(rows) of(theta, rows)))
  at <- whole(theta)
  # glmer leaves a constant out of the likelihood with quadrature.
  if (outcome == "tone") stopifnot(abs(at - as.numeric(logLik(model))) < 1e-4)
  step <- solve(hessian(whole, theta), grad(whole, theta))
  stopifnot(max(abs(step)) < 2e-3)
  theta <- theta - step
  stopifnot(max(abs(grad(whole, theta))) < 1e-4)
  replicate <- sapply(groups, function(rows) data$replicate[rows[1]])
  scores <- tapply(seq_along(groups), replicate, function(gs)
    Reduce(`+`, lapply(groups[gs], function(rows) grad(function(t) of(t, rows), theta))), simplify = FALSE)
  informations <- tapply(seq_along(groups), replicate, function(gs)
    -Reduce(`+`, lapply(groups[gs], function(rows) hessian(function(t) of(t, rows), theta))), simplify = FALSE)
  place <- max(y) - 1 + match(wanted, colnames(x))
  contrast <- replace(numeric(length(theta)), place, 1)
  c(rows = nrow(data), variance = theta[[length(theta)]]^2, by_package = coef(summary(model))[wanted, "Estimate"],
    se_package = by_model, cr2(informations, scores, contrast, theta[[place]]))
}

levels <- c("host", "blunt")
results <- rbind(
  test("rude", levels, "host"),
  test("rude", c(levels, "turn", "host:turn"), "host:turn"),
  test("tone", levels, "host"),
  test("tone", c(levels, "turn", "host:turn"), "host:turn")
)
results <- cbind(results, holm = p.adjust(results[, "p"], "holm"))
rownames(results) <- c("rude host", "rude host:turn", "tone host", "tone host:turn")
options(width = 200)
print(results, digits = 9)
