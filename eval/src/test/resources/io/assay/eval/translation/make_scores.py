"""Writes scores.jsonl: corpora of translations and what sacrebleu 2.6.0 says to them.   python make_scores.py"""
import json
import random
from pathlib import Path

import sacrebleu

LATIN = ("the cat sat on a mat, and (then) it said: \"no\" 3.5 1,000 10-20 don't e-mail U.S. end. &quot;x&quot; a&amp;b "
         "<skipped> café naïve $5.00 50% #1 x_y [z] state-of-the-art Why? !? ... - -- 'tis İstanbul ΣΑΣ ﬁn 🎈 a\u00a0b").split(" ")
CHINESE = list("我们今天去北京，看天安门。他说：“你好！”（二〇二四年）①☆㎞ｶﾅ") + ["NBA", "3.14", " ", "、", "とても", "𠀀", "한국", "\u2019", "\u2014"]


def text(rnd, words, joiner, longest):
    return joiner.join(rnd.choice(words) for _ in range(rnd.randint(0, longest)))


def changed(rnd, words, source, joiner):
    """A text like another: blocks moved, words replaced, left out, doubled, case changed."""
    parts = source.split(joiner) if joiner else list(source)
    for _ in range(rnd.randint(0, 4)):
        if not parts:
            break
        start = rnd.randrange(len(parts))
        length = rnd.randint(1, 6)
        block, rest = parts[start:start + length], parts[:start] + parts[start + length:]
        kind = rnd.randrange(5)
        if kind == 0:
            at = rnd.randint(0, len(rest))
            parts = rest[:at] + block + rest[at:]
        elif kind == 1:
            parts[start] = rnd.choice(words)
        elif kind == 2:
            parts = rest
        elif kind == 3:
            parts = parts[:start] + block + parts[start:]
        else:
            parts[start] = parts[start].upper()
    return joiner.join(parts) + rnd.choice(["", "", " ", "\n", "."])


def corpus(rnd, words, joiner, size, references, longest):
    refs = [[text(rnd, words, joiner, longest) for _ in range(references)] for _ in range(size)]
    hyps = [changed(rnd, words, rnd.choice(r), joiner) for r in refs]
    return hyps, refs


def main():
    rnd = random.Random(20)
    corpora = []
    for size, references, longest in [(1, 1, 3), (1, 1, 12), (2, 2, 6), (8, 1, 20), (12, 3, 15), (40, 1, 30), (2, 1, 160), (3, 2, 1)]:
        corpora.append(corpus(rnd, LATIN, " ", size, references, longest))
        corpora.append(corpus(rnd, CHINESE, "", size, references, longest))
    few = "a b c d".split()
    for longest in (8, 20, 60):  # many equal words: ties between shifts
        corpora.append(corpus(rnd, few, " ", 20, 1, longest))
    corpora.append(([""], [["a b"]]))
    corpora.append((["a b"], [[""]]))
    corpora.append(([""], [[""]]))
    corpora.append((["a", "x " * 90], [["b " * 200], ["x"]]))
    with open(Path(__file__).parent / "scores.jsonl", "w", encoding="utf-8") as file:
        for hyps, refs in corpora:
            streams = list(zip(*refs))
            row = {"hypotheses": hyps, "references": refs}
            row["bleu"] = {t: sacrebleu.corpus_bleu(hyps, streams, tokenize=t).score for t in ("13a", "zh", "char", "intl", "none")}
            row["chrf"] = sacrebleu.corpus_chrf(hyps, streams).score
            row["chrf++"] = sacrebleu.corpus_chrf(hyps, streams, word_order=2).score
            row["ter"] = sacrebleu.corpus_ter(hyps, streams).score
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


main()
