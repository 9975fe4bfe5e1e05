"""Writes sampler_reference.jsonl: probabilities that Hugging Face's own logits processors compute from some logits.

python -m venv venv && venv/bin/pip install torch==2.15.0 transformers==5.24.0
venv/bin/python sampler_reference.py
"""

import json
import math
import random
from pathlib import Path

import torch
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

SETTINGS = [
    {},
    {"temperature": 0.7},
    {"temperature": 1.6},
    {"topK": 1},
    {"topK": 5},
    {"topK": 1000},
    {"topP": 0.05},
    {"topP": 0.5},
    {"topP": 0.95},
    {"minP": 0.05},
    {"minP": 0.4},
    {"repetitionPenalty": 1.3},
    {"repetitionPenalty": 0.8},
    {"temperature": 0.7, "topK": 8, "topP": 0.8},
    {"temperature": 1.5, "topP": 0.9, "minP": 0.1},
    {"temperature": 1.3, "topK": 10, "topP": 0.9, "minP": 0.05, "repetitionPenalty": 1.2},
]


def probabilities(logits, seen, settings):
    """GenerationMixin uses the same order: penalties, temperature, top-k, top-p, min-p."""
    scores = torch.tensor([logits], dtype=torch.float32)
    processors = []
    if "repetitionPenalty" in settings:
        processors.append(RepetitionPenaltyLogitsProcessor(settings["repetitionPenalty"]))
    if "temperature" in settings:
        processors.append(TemperatureLogitsWarper(settings["temperature"]))
    if "topK" in settings:
        processors.append(TopKLogitsWarper(settings["topK"]))
    if "topP" in settings:
        processors.append(TopPLogitsWarper(settings["topP"]))
    if "minP" in settings:
        processors.append(MinPLogitsWarper(settings["minP"]))
    ids = torch.tensor([seen], dtype=torch.long)
    for processor in processors:
        scores = processor(ids, scores)
    return [float(f"{share:.6g}") for share in torch.softmax(scores, -1)[0].tolist()]


def main():
    draw = random.Random(1)
    cases = []
    for spread in (1.0, 3.0):
        logits = [round(draw.gauss(0, spread), 4) for _ in range(24)]
        seen = [2, 3, 5, 7, 11, 13, 7, 2]
        for settings in SETTINGS:
            expected = probabilities(logits, seen, settings)
            assert math.isclose(sum(expected), 1, abs_tol=1e-4)
            cases.append({"logits": logits, "seen": seen, "settings": settings, "expected": expected})
    lines = "\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    Path(__file__).with_suffix(".jsonl").write_text(f"{lines}\n")


main()
