"""Expected values of the tests of permutations, pairs, effect sizes and corrections: SciPy 1.17.1, statsmodels 0.14.6.

Run: python analysis/testing/two_conditions_reference.py
"""

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

# Sleep gained with two drugs, in hours, by the same ten patients (Student 1908).
FIRST = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SECOND = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


def distance(x, y, axis):
    return np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis))


exact = stats.permutation_test((SECOND, FIRST), distance, alternative="greater", n_resamples=np.inf, vectorized=True)
print("permutation", exact.statistic, exact.pvalue)
unequal = stats.permutation_test((SECOND[:4], FIRST), distance, alternative="greater", n_resamples=np.inf, vectorized=True)
print("permutation, 4 against 10", unequal.statistic, unequal.pvalue)

t = stats.ttest_rel(SECOND, FIRST)
print("pairs", t.statistic, t.pvalue, t.df, t.confidence_interval(0.95), t.confidence_interval(0.9))
flips = stats.permutation_test(
    (SECOND - FIRST,),
    lambda x, axis: np.abs(np.mean(x, axis=axis)),
    permutation_type="samples",
    alternative="greater",
    n_resamples=np.inf,
    vectorized=True,
)
print("sign flips", flips.statistic, flips.pvalue)
# At this level, the usual quantiles are the expanded quantiles of Hesterberg (2015).
expanded = 1 - 2 * stats.norm.cdf(-np.sqrt(10 / 9) * stats.t.ppf(0.975, 9))
boot = stats.bootstrap(
    (SECOND - FIRST,), np.mean, n_resamples=200000, method="percentile", confidence_level=expanded, rng=1
)
print("bootstrap of pairs", boot.confidence_interval, boot.standard_error)


def cliff(x, y, level=0.95):
    """Delta and its interval from the whole matrix of comparisons, as Cliff (1993), Feng and Cliff (2004) define them."""
    d = np.sign(x[:, None] - y[None, :])
    n, m = d.shape
    delta = d.mean()
    rows, columns = d.mean(axis=1), d.mean(axis=0)
    variance = (
        m**2 * ((rows - delta) ** 2).sum() + n**2 * ((columns - delta) ** 2).sum() - ((d - delta) ** 2).sum()
    ) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - delta**2) / (n * m - 1))
    z = stats.norm.ppf((1 + level) / 2)
    reach = z * np.sqrt(variance) * np.sqrt((1 - delta**2) ** 2 + z**2 * variance)
    return delta, np.sqrt(variance), (delta - delta**3 + np.array([-reach, reach])) / (1 - delta**2 + z**2 * variance)


u = stats.mannwhitneyu(SECOND, FIRST).statistic
print("Cliff's delta", 2 * u / 100 - 1, cliff(SECOND, FIRST), cliff(SECOND[:4], FIRST, 0.9))

PS = [0.001, 0.2, 0.013, 0.04, 0.039, 0.5, 0.013, 0.9]
for method in ("holm", "fdr_bh"):
    print(method, multipletests(PS, method=method)[1].tolist())
