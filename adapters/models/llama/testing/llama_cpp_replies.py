#!/usr/bin/env python3
"""Writes greedy replies of llama-cpp-python. The tests compare the adapter's replies with them.

    pip install llama-cpp-python==0.3.36
    llama_cpp_replies.py SmolLM2-135M-Instruct.Q4_1.gguf > llama_cpp_replies.json

llama-cpp-python compiles its own llama.cpp. The model's chat template makes the prompts, as in the server of
llama-cpp-python. Processors round differently, and small differences of the logits can change a reply. So each reply ends
before the first token that is uncertain: its logit is less than MARGIN above the second highest logit. The replies of the
adapter play no part in this.
"""
import json
import sys

import numpy
from llama_cpp import Llama, llama_get_logits_ith
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

MARGIN = 0.8
TOKENS_MAX = 40
TOKENS_MIN = 4

SYSTEM = {"role": "system", "content": "You repeat what the user says."}
EXAMPLES = ["The cat sat on the mat.", "It rains today, and we stay at home."]
# The model is small. It is sure of its next token mainly where it repeats something.
REPEATED = [
    "My friends walk to the old town hall every Sunday.",
    "Should the city ban cars from its centre?",
    "Zoë said: “Ça va? C'est très bien, naïve!”",
    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12",
    "THE MODERATOR ASKS EVERYBODY TO STAY POLITE.",
    "I live in Kraków 😀 and work as a nurse.\nI disagree with Ben.",
]
DISCUSSION = (
    "Ben: I think that we need more buses at night.\n\n"
    "Chloe: I think that we need more trains at night.\n\n"
)
OTHERS = [
    "What are the days of the week, in order?",
    "Repeat this sentence: The quick brown fox jumps over the lazy dog.",
    DISCUSSION * 4 + "It is your turn, Anna. Write only your own comment.",
]


def conversations():
    shown = [{"role": role, "content": text} for text in EXAMPLES for role in ("user", "assistant")]
    for text in REPEATED:
        yield [SYSTEM, *shown, {"role": "user", "content": text}]
    persona = {"role": "system", "content": "You are Anna, a nurse. You take part in an online discussion."}
    for text in OTHERS:
        yield [persona, {"role": "user", "content": text}]


def main():
    model = Llama(model_path=sys.argv[1], n_ctx=2048, n_threads=1, verbose=False)
    end = model.token_eos()
    formatter = Jinja2ChatFormatter(
        template=model.metadata["tokenizer.chat_template"],
        eos_token=model.detokenize([end], special=True).decode(),
        bos_token=model.detokenize([model.token_bos()], special=True).decode(),
    )
    replies = []
    for messages in conversations():
        prompt = formatter(messages=messages).prompt
        tokens = model.tokenize(prompt.encode(), add_bos=False, special=True)
        written, least, is_over = [], float("inf"), False
        model.reset()
        model.eval(tokens)
        while len(written) < TOKENS_MAX:
            logits = numpy.ctypeslib.as_array(llama_get_logits_ith(model.ctx, -1), shape=(model.n_vocab(),))
            second, first = numpy.argpartition(logits, -2)[-2:]
            if logits[second] > logits[first]:
                first, second = second, first
            margin = float(logits[first] - logits[second])
            if margin < MARGIN:
                break
            least = min(least, margin)
            if first == end:
                is_over = True
                break
            written.append(int(first))
            model.eval([int(first)])
        print(len(tokens), len(written), round(least, 2), is_over, repr(model.detokenize(written)), file=sys.stderr, flush=True)
        if len(written) < TOKENS_MIN:
            continue
        # The same reply by the function that the server calls.
        answer = model.create_chat_completion(messages, temperature=0, max_tokens=len(written) + is_over, repeat_penalty=1.0)
        text = model.detokenize(written).decode()
        assert answer["choices"][0]["message"]["content"] == text, answer
        assert answer["usage"]["prompt_tokens"] == len(tokens), answer
        replies.append({"messages": messages, "promptTokens": len(tokens), "tokens": len(written),
                        "isOver": is_over, "leastMargin": round(least, 2), "text": text})
    json.dump(replies, sys.stdout, indent=1, ensure_ascii=False)
    print()


main()
