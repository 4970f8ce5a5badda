"""Writes harness_encodings.jsonl: token ids the harness makes of texts, for HarnessEncodingTest.

Made with lm_eval 0.4.13 (its own pair encoding and rolling windows) and tokenizers 0.23.2 on the tokenizer of
tests/golden/v3-basic. Run in the repository root:
python harness_encodings.py tests/golden/v3-basic/checkpoint tests/golden/lm-eval > harness_encodings.jsonl
"""

import json
import sys

from lm_eval.api.instance import Instance
from lm_eval.api.model import TemplateLM
from lm_eval.utils import get_rolling_token_windows, make_disjoint_window
from tokenizers import Tokenizer

CHECKPOINT, GOLDEN = sys.argv[1:]
BOS = "<｜begin▁of▁sentence｜>"


class Encoder(TemplateLM):
    """Only encodes; add_bos as HFLM does it, which does not double a BOS the text begins with."""

    backend = "causal"

    def __init__(self, add_bos):
        super().__init__()
        self.tokenizer = Tokenizer.from_file(CHECKPOINT + "/tokenizer.json")
        self.bos = self.tokenizer.token_to_id(BOS)
        self.add_bos = add_bos

    eot_token_id = property(lambda self: None)
    prefix_token_id = property(lambda self: self.bos)

    def tok_encode(self, text, add_special_tokens=None):
        ids = self.tokenizer.encode(text, add_special_tokens=False).ids
        add = self.add_bos and add_special_tokens is None and not text.startswith(BOS)
        return [self.bos] + ids if add else ids

    def _loglikelihood_tokens(self, requests, **kwargs):
        return [(context, continuation) for _, context, continuation in requests]

    def loglikelihood_rolling(self, requests, disable_tqdm=False):
        raise NotImplementedError

    def generate_until(self, requests, disable_tqdm=False):
        raise NotImplementedError


def samples(task):
    with open(f"{GOLDEN}/expected/default/samples_{task}.jsonl", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


pairs = [tuple(a) for s in samples("oracle_mc_few_random")[:3] for a in s["arguments"]]
pairs += [tuple(a) for s in samples("oracle_mc") for a in s["arguments"][:1]]
pairs += [
    ("Question: one  ", "two"),
    ("Line\n", "next line"),
    ("Answer:\n\n\t ", " x"),
    ("wide\u3000", "\u3000space"),
    ("no-break\u00a0", "space"),
    ("zero width\u200b", "not a space"),
    ("", "starts alone"),
    ("", BOS + "brings its own"),
    ("   ", "only spaces before"),
    (BOS + "begins with it", " and goes on"),
    ("caf", "\u00e9 au lait"),
    ("cafe", "\u0301 combining"),
    ("emoji \U0001f600", "\U0001f680 rocket"),
    ("th", "e"),
    ("th", "ere is"),
    ("123", "45"),
    ("今天天气", "很好"),
    ("Too long", " for two dozen tokens, whatever is in front of it"),
]
prompts = [s["arguments"][0][0] for s in samples("oracle_gen")[:4]] + [BOS + "chat", "雨が降ると何がいりますか。"]
documents = [s["arguments"][0][0] for s in samples("oracle_ppl")]

for add_bos in (False, True):
    encoder = Encoder(add_bos)
    for max_length in (1024, 24):
        head = {"add_bos": add_bos, "max_length": max_length}
        requests = [Instance("loglikelihood", {}, pair, 0) for pair in pairs]
        for pair, (context, continuation) in zip(pairs, encoder.loglikelihood(requests, disable_tqdm=True)):
            if not context:
                continue  # whitespace alone as a context: the harness stops with an assertion
            if len(continuation) > max_length:
                row = {"too_long": True}
            else:
                whole = context + continuation
                kept = whole[-(max_length + 1) :]
                row = {"tokens": kept, "from": len(kept) - len(continuation), "cut": len(whole) - len(kept)}
            print(json.dumps({**head, "kind": "pair", "context": pair[0], "continuation": pair[1], **row}))
        for prompt in prompts:
            whole = encoder.tok_encode(prompt)
            kept = whole[-(max_length - 8) :]
            row = {"new": 8, "tokens": kept, "cut": len(whole) - len(kept)}
            print(json.dumps({**head, "kind": "prompt", "context": prompt, **row}))
    for max_length in (1024, 64, 24, 1):
        for text in documents if max_length > 1 else documents[-3:]:
            windows = map(
                make_disjoint_window,
                get_rolling_token_windows(encoder.tok_encode(text), encoder.bos, max_length, 1),
            )
            rows = [{"tokens": a + b, "from": len(a)} for a, b in windows]
            head = {"add_bos": add_bos, "max_length": max_length}
            print(json.dumps({**head, "kind": "rolling", "context": text, "windows": rows}))
