#!/usr/bin/env python3
"""The workload of bin/bench peers through transformers and torch, on the CPU or a CUDA device.

Reads the workload as JSON from a file and prints one JSON object: for each part the median wall and CPU seconds, the
work done, and the log-likelihoods, which the caller holds against its own.
"""
import argparse
import json
import statistics
import time

import torch
import transformers


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--workload", required=True)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--warmups", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    return parser.parse_args()


class Peer:
    def __init__(self, model, device):
        self.model = model
        self.device = device

    def finish(self):
        """Waits for what was only handed to the device."""
        if self.device == "cuda":
            torch.cuda.synchronize()

    def name(self):
        return torch.cuda.get_device_name() if self.device == "cuda" else "cpu"

    def log_likelihoods(self, sequences, first):
        """Sums of the log-probabilities of tokens[first:], all sequences being of one length."""
        ids = torch.tensor(sequences, device=self.device)
        logits = self.model(ids).logits[:, first - 1 : -1].float()
        targets = ids[:, first:].unsqueeze(-1)
        return logits.log_softmax(-1).gather(-1, targets).sum((1, 2)).tolist()

    def decode(self, prompts, steps):
        """Greedy continuation; returns wall and CPU seconds of the steps after the prompt."""
        out = self.model(torch.tensor(prompts, device=self.device), use_cache=True)
        token = out.logits[:, -1:].argmax(-1)
        self.finish()
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(steps):
            out = self.model(token, past_key_values=out.past_key_values, use_cache=True)
            token = out.logits[:, -1:].argmax(-1)
        self.finish()
        return time.perf_counter() - wall, time.process_time() - cpu


def timed(work):
    """Wall and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main():
    options = arguments()
    with open(options.workload, encoding="utf-8") as file:
        workload = json.load(file)
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    model = transformers.AutoModelForCausalLM.from_pretrained(
        options.model, dtype=getattr(torch, options.dtype), attn_implementation="sdpa"
    ).eval().to(options.device)
    peer = Peer(model, options.device)
    texts, prompts, steps = workload["texts"], workload["prompts"], workload["new_tokens"]
    item = workload["items"][0]
    choices = [item["stem"] + choice for choice in item["choices"]]
    batch = len(texts)
    score_one = lambda: peer.log_likelihoods(texts[:1], 1)
    score_all = lambda: peer.log_likelihoods(texts, 1)
    answer = lambda: peer.log_likelihoods(choices, len(item["stem"]))
    scored = len(texts[0]) - 1
    parts = {
        "score_one": (scored, lambda: timed(score_one)),
        "score_batch": (scored * batch, lambda: timed(score_all)),
        "decode_one": (steps, lambda: peer.decode(prompts[:1], steps)),
        "decode_batch": (steps * len(prompts), lambda: peer.decode(prompts, steps)),
        "choices": (1, lambda: timed(answer)),
    }
    result = {
        "program": f"transformers {transformers.__version__}, torch {torch.__version__}",
        "device": peer.name(),
        "parts": {},
    }
    with torch.inference_mode():
        for name, (work, measure) in parts.items():
            for _ in range(options.warmups):
                measure()
            runs = [measure() for _ in range(options.repeats)]
            result["parts"][name] = {
                "work": work,
                "wall": statistics.median(run[0] for run in runs),
                "cpu": statistics.median(run[1] for run in runs),
            }
        result["scores"] = score_one() + answer()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
