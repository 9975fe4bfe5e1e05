"""Expected values of group_sequential_test.ts: SciPy 1.17.1, numpy 2.4.6.

It integrates the multivariate normal distribution of all looks at once. The TypeScript code integrates look by look.

Run: python analysis/testing/group_sequential_reference.py
"""

import numpy as np
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm


def spent(fraction, alpha):
    return 4 * norm.sf(norm.isf(alpha / 4) / np.sqrt(fraction))


def boundaries(fractions, alpha):
    found = []
    for look, fraction in enumerate(fractions):
        inside = 1 - spent(fraction, alpha)
        if look == 0:
            found.append(norm.isf((1 - inside) / 2))
            continue
        times = np.array(fractions[: look + 1])
        cov = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))

        def beyond(z):
            limits = np.array([*found, z])
            return multivariate_normal.cdf(
                limits, cov=cov, lower_limit=-limits, abseps=1e-9, releps=1e-9, maxpts=2_000_000
            ) - inside

        found.append(brentq(beyond, 0.5, 8, xtol=1e-7))
    return found


for fractions, alpha in [
    ([0.3, 1], 0.05),
    ([0.2, 0.6, 1], 0.05),
    ([0.22, 0.55, 0.88], 0.05),
    ([0.15, 0.45, 0.8, 1], 0.01),
    ([0.7, 0.75, 1], 0.1),
]:
    print("boundaries", fractions, alpha, [round(float(z), 5) for z in boundaries(fractions, alpha)])
for p, fractions, most in [(0.03, [0.3, 1], 0.2), (0.004, [0.2, 0.6], 0.3), (0.04, [0.2, 0.6, 1], 0.2)]:
    nominal = lambda alpha: 2 * norm.sf(boundaries(fractions, alpha)[-1])
    print("repeated p", p, fractions, brentq(lambda alpha: nominal(alpha) - p, p, most, xtol=1e-8))
