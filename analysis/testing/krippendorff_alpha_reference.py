"""Expected values of agreement_test.ts: krippendorff 0.9.0 (PyPI), numpy 2.4.6, SciPy 1.17.1.

Run: python analysis/testing/krippendorff_alpha_reference.py
"""

import krippendorff
import numpy as np
from scipy import stats

# Krippendorff (2011), section "C. Nominal data, any number of observers, missing data": observers A to D, units 1 to 12.
N = np.nan
PUBLISHED = np.array([
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
])
# 40 units, 3 annotators, values 0 to 6 except 5. The test uses the same formulas.
MADE = np.array([
    [
        N if (unit * 7 + annotator * 5) % 11 == 0 else [0, 1, 2, 3, 4, 6][(unit * unit + unit * annotator * annotator) % 6]
        for unit in range(40)
    ]
    for annotator in range(3)
])
for name, data in (("published", PUBLISHED), ("made", MADE)):
    for level in ("nominal", "ordinal", "interval"):
        print(name, level, krippendorff.alpha(reliability_data=data, level_of_measurement=level))

# Bootstraps over units and over clusters of four neighbours. Their random numbers differ from the test's. Their quantiles
# are expanded as Hesterberg (2015) proposes.
rng = np.random.default_rng(1)
for size in (1, 4):
    starts = np.arange(0, 40, size)
    replicates = []
    for _ in range(20000):
        units = np.concatenate([np.arange(start, start + size) for start in rng.choice(starts, len(starts))])
        replicates.append(krippendorff.alpha(reliability_data=MADE[:, units], level_of_measurement="nominal"))
    n = len(starts)
    tail = stats.norm.cdf(-np.sqrt(n / (n - 1)) * stats.t.ppf(0.975, n - 1))
    print("bootstrap", size, np.quantile(replicates, [tail, 1 - tail]), np.std(replicates, ddof=1))
