# Expected values of effect_size_test.ts: metafor 3.8-1 (R 4.2.2), on the data of Student (1908) that R calls `sleep`.
# Run: Rscript analysis/testing/hedges_g_reference.R
suppressMessages(library(metafor))
options(digits = 12)
values <- sleep$extra[sleep$group == 2]
reference <- sleep$extra[sleep$group == 1]
for (n in c(10, 4)) {
  x <- values[1:n]
  es <- escalc("SMD", m1i = mean(x), sd1i = sd(x), n1i = n, m2i = mean(reference), sd2i = sd(reference), n2i = 10)
  print(c(es$yi, sqrt(es$vi), es$yi - qnorm(0.975) * sqrt(es$vi), es$yi + qnorm(0.975) * sqrt(es$vi)))
}
