#!/usr/bin/env python3
"""PyTorch on this machine's processor, for comparisons: pytorch.ts starts it. It needs torch and transformers.

    pytorch.py MODEL DTYPE THREADS

MODEL is a folder in Hugging Face's form. Each line of the input is a question, and each line of the output is its answer.
{"messages": …, "tokens": N} asks for a greedy reply of at most N tokens, or of exactly N with "exact": true.
{"limits": true} asks what the processor can do in a second: floating-point and integer operations in products of large
matrices, and bytes read from the memory.
"""
import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

SIZE = 1536
REPEATS = 10
BYTES = 256_000_000


def fastest(work):
    """The time of the fastest repeat in seconds: other programs can only make it slower."""
    work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def limits(model):
    left, right = torch.randn(SIZE, SIZE), torch.randn(SIZE, SIZE)
    small = torch.randint(-9, 9, (SIZE, SIZE), dtype=torch.int8)
    text = torch.zeros(BYTES // 4)
    operations = 2 * SIZE**3
    return {
        "weights": sum(weights.numel() for weights in model.parameters()),
        "floatOperations": operations / fastest(lambda: left @ right),
        "integerOperations": operations / fastest(lambda: torch._int_mm(small, small)),
        "bytes": BYTES / fastest(lambda: text.sum()),
    }


def reply(model, tokenizer, asked):
    start, cpu = time.perf_counter(), time.process_time()
    given = tokenizer.apply_chat_template(
        asked["messages"], add_generation_prompt=True, return_tensors="pt", return_dict=True)
    length = given["input_ids"].shape[1]
    with torch.inference_mode():
        out = model.generate(
            **given, max_new_tokens=asked["tokens"], min_new_tokens=asked["tokens"] if asked.get("exact") else None,
            do_sample=False, pad_token_id=tokenizer.eos_token_id)[0][length:]
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    text = tokenizer.decode(out, skip_special_tokens=True)
    return {"seconds": seconds, "cpu": cpu, "promptTokens": length, "tokens": len(out), "text": text}


folder, dtype, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=getattr(torch, dtype)).eval()
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(limits(model) if "limits" in asked else reply(model, tokenizer, asked)), flush=True)
