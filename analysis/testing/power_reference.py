"""Expected values of power_slow_test.ts: statsmodels 0.14.6 (TTestIndPower), SciPy 1.17.1.

In a balanced design with two arms, the model's test of the arm is Student's t test of the groups' means. The power of that
test is known. The pilot has four groups in each arm and five rows in each group. The test uses the same formula.

Run: python analysis/testing/power_reference.py
"""

import numpy as np
from scipy import special, stats
from statsmodels.stats.power import TTestIndPower

ROWS = 5
y = np.array([[(group * 7) % 5 + (row * row + group) % 4 for row in range(ROWS)] for group in range(8)], dtype=float)
means = y.mean(axis=1).reshape(2, 4)
within = y.var(axis=1, ddof=1).mean()
of_means = means.var(axis=1, ddof=1).mean()
print("variances", of_means - within / ROWS, within)

for replications in (5, 12, 20, 30):
    power = TTestIndPower().power(effect_size=2 / np.sqrt(of_means), nobs1=replications, alpha=0.05, ratio=1)
    df = 2 * replications - 2
    mean_of_s = np.sqrt(2 / df) * np.exp(special.gammaln((df + 1) / 2) - special.gammaln(df / 2))
    half = stats.t.ppf(0.975, df) * mean_of_s * np.sqrt(of_means * 2 / replications)
    print(replications, power, half)
print("replications for 0.8", TTestIndPower().solve_power(effect_size=2 / np.sqrt(of_means), power=0.8, alpha=0.05))
