"""Expected values of mixed_model_nested_test.ts with random slopes: statsmodels 0.15.0.

Run: python analysis/testing/mixed_model_reference.py
"""

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

# Eight blocks of four groups of four to seven rows. The test uses the same formulas.
data = pd.DataFrame(
    [(block, k, turn) for block in range(8) for k in range(4) for turn in range(4 + (block + k) % 4)],
    columns=["block", "k", "turn"],
)
data["group"] = data.block * 4 + data.k
data["arm"] = np.where(data.k % 2 == 0, "a", "b")
data["model"] = np.where(data.k < 2, "m", "n")
data["y"] = (
    data.block * 7 % 5 + data.group * 37 % 11 / 2 + data.turn * (data.group * 13 % 7) / 5
    + (data.turn**2 * 5 + data.group * 3) % 7 / 2 + 0.3 * data.turn * (data.arm == "b")
)
model = smf.mixedlm("y ~ arm * turn + model", data, groups="group", re_formula="~ turn")
fit = model.fit(reml=True, method="lbfgs", maxiter=2000)
print(*fit.fe_params.items(), fit.llf, fit.scale, fit.cov_re, fit.converged, sep="\n")
