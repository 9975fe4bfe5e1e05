"""Expected values of two_sample_classifier_test.ts: scikit-learn 1.9.1 (RidgeClassifier in a pipeline with StandardScaler).

The folds are the folds that the TypeScript code draws with the seed 42. RidgeClassifier's threshold depends on the sizes of the
classes, so the script moves it halfway between the classes' mean scores.

Run: python analysis/testing/classifier_reference.py
"""

import numpy as np
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS = [
    [24, 13, 16, 12, 2, 31, 30, 38],
    [0, 5, 18, 20, 1, 36, 35, 28],
    [4, 22, 11, 3, 15, 25, 26, 37],
    [6, 21, 17, 10, 23, 39, 29, 32],
    [19, 7, 8, 9, 14, 33, 27, 34],
]
is_first = np.arange(40) < 25
x = np.array([[i * 7 % 11 + 5 * f, i * 5 % 13, (i * 3 % 7) ** 2 - 9 * f] for i, f in enumerate(is_first)], dtype=float)


def learnt(rows, is_first):
    model = make_pipeline(StandardScaler(), RidgeClassifier(alpha=x.shape[1])).fit(x[rows], is_first[rows])
    scores = model.decision_function(x[rows])
    return model, (scores[is_first[rows]].mean() + scores[~is_first[rows]].mean()) / 2


def accuracy(is_first):
    assigned = np.empty(40, dtype=bool)
    for fold in FOLDS:
        model, threshold = learnt(np.setdiff1d(np.arange(40), fold), is_first)
        assigned[fold] = model.decision_function(x[fold]) > threshold
    return balanced_accuracy_score(is_first, assigned)


def permuted(rng):
    labels = is_first.copy()
    for fold in FOLDS:
        labels[fold] = rng.permutation(labels[fold])
    return labels


observed = accuracy(is_first)
print("accuracy", observed)
weights = learnt(np.arange(40), is_first)[0][-1].coef_.ravel()
print("weights", weights / np.linalg.norm(weights))
rng = np.random.default_rng(42)
print("p, by 2,000 permutations", np.mean([accuracy(permuted(rng)) >= observed - 1e-12 for _ in range(2000)]))
