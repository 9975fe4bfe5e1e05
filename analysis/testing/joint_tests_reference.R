# Expected values of joint_tests_test.ts, from base R.
# Run: Rscript analysis/testing/joint_tests_reference.R

# Six replicates of three moderators and two models, not matched. All discussions have the same number of comments, so the
# mixed model of the comments has the same F as a linear model of the discussions' means.
data <- expand.grid(r = 0:5, model = 0:1, moderator = 0:2)
data <- within(data, {
  toxicity <- ((r * 7 + moderator * 3 + model * 5 + r * moderator * model) %% 11) / 4 + moderator * model
  relevance <- ((r * 5 + moderator * 7 + model * 3) %% 11) / 4
})
interaction <- function(outcome) {
  test <- anova(lm(reformulate("factor(moderator) * factor(model)", outcome), data))[3, ]
  c(df = test[["Df"]], F = test[["F value"]], p = test[["Pr(>F)"]])
}
found <- sapply(c("toxicity", "relevance"), interaction)
print(found, digits = 10)
print(p.adjust(found["p", ], "holm"), digits = 10)
