"""Writes random-cases.json: what CPython's random.Random gives.

Run with Python 3.11 or later: python random_cases.py > random-cases.json
"""
import json
from random import Random


def harness(seed, n, draw, documents):
    rnd = Random(seed)
    return [rnd.sample(list(range(n)), draw) for _ in range(documents)]


cases = []
for seed in (0, 1, 1234, 2**32 - 1, 2**32, 2**53 + 7, -5):
    r = Random(seed)
    cases.append(
        {
            "seed": seed,
            "random": [r.random() for _ in range(700)][-3:],
            "bits": [r.getrandbits(k) for k in (1, 7, 31, 32, 33, 53, 63)],
            "randbelow": [r._randbelow(n) for n in (1, 2, 3, 1000, 2**20, 2**31 - 1)],
            "choices": r.choices(range(17), k=6),
        }
    )
samples = [
    {"seed": 1234, "n": n, "k": k, "samples": harness(1234, n, k, 4)}
    for n, k in ((5, 5), (9, 3), (21, 3), (22, 3), (100, 5), (85, 6), (86, 6), (277, 20), (278, 20), (5000, 40), (1, 1), (4, 0))
]
print(json.dumps({"generators": cases, "samples": samples}, indent=1))
