"""Prompts of lm-evaluation-harness 0.4.13 for the data sets whose tasks Assay brings along.

    python harness_prompts.py DATA_ROOT full   > prompts.json    every request and target, for our own sentences in items/
    python harness_prompts.py DATA_ROOT digest > digests.json    SHA-256 of them, for public benchmark files
    python harness_prompts.py DATA_ROOT examples                 writes the files of worked examples below DATA_ROOT

Worked examples that the harness has in its task files (BIG-Bench Hard, TruthfulQA) are the user's own files for Assay: in
full they are replaced by those below DATA_ROOT; in digest they stay the harness's, as the authors' files hold them; examples
writes them out, for those who have the harness and not the authors' files.

The harness's own task files and hooks make the prompts; only its loading of data sets is replaced: the files below
DATA_ROOT are brought into the columns that the data sets have on the hub. Few-shot examples are drawn as its evaluator
does it (seed 1234). Needs lm_eval; what else it imports and prompts do not need is stood in for.
"""
import csv, gzip, hashlib, importlib.abc, importlib.util, json, os, re, sys, types
from unittest.mock import MagicMock


class Split(list):
    """As much of datasets.Dataset as the hooks use."""

    @property
    def features(self):
        return dict.fromkeys(self[0])

    def map(self, function):
        return Split({**row, **function(dict(row))} for row in self)

    def filter(self, function):
        return Split(row for row in self if function(row))


DATA = {}
stub = types.ModuleType("datasets")
stub.__version__ = "4.0.0"
stub.Dataset = Split
stub.DownloadMode = MagicMock()
stub.load_dataset = lambda path, name=None, **kwargs: DATA
sys.modules["datasets"] = stub


class Missing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for libraries the harness imports and prompts do not need."""

    NAMES = "dill evaluate jsonlines more_itertools pytablewriter requests rouge_score sacrebleu sqlitedict word2number"

    def find_spec(self, name, path, target=None):
        known = name.split(".")[0] in self.NAMES.split()
        return importlib.util.spec_from_loader(name, self, is_package=True) if known else None

    def create_module(self, spec):
        module = MagicMock()
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


# Last: what is installed is used.
sys.meta_path.append(Missing())

from jinja2 import Template
from lm_eval.api.task import ConfigurableTask
from lm_eval.tasks import TaskManager

ROOT, FORM = sys.argv[1:3]
MANAGER = TaskManager()


def lines(name):
    path = os.path.join(ROOT, name)
    if not os.path.exists(path):
        return None
    with (gzip.open if name.endswith(".gz") else open)(path, "rt", encoding="utf-8", newline="\n") as f:
        return Split(json.loads(line) for line in f if line.strip())


def cells(name, columns=None):
    path = os.path.join(ROOT, name)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8", newline="") as f:
        return Split(csv.DictReader(f, fieldnames=columns))


def mmlu(split, subject):
    rows = cells(f"mmlu/data/{split}/{subject}_{split}.csv", ["question", "A", "B", "C", "D", "answer"])
    return rows and Split(
        {"question": r["question"], "choices": [r[c] for c in "ABCD"], "answer": "ABCD".index(r["answer"])} for r in rows
    )


def flat(rows):
    return rows and Split(
        {
            "question_stem": r["question"]["stem"],
            "choices": {k: [c[k] for c in r["question"]["choices"]] for k in ("text", "label")},
            "answerKey": r["answerKey"],
        }
        for r in rows
    )


def relabelled(rows, function):
    return rows and Split({**r, "label": function(r)} for r in rows)


def truthfulqa():
    rows = cells("truthfulqa/TruthfulQA.csv")

    def answers(text):
        return [a.strip() for a in text.split("; ") if a.strip()]

    return rows and Split(
        {
            "question": r["Question"],
            "mc1_targets": {"choices": [r["Best Answer"].strip()] + answers(r["Incorrect Answers"])},
            "mc2_targets": {
                "choices": answers(r["Correct Answers"]) + answers(r["Incorrect Answers"]),
                "labels": [1] * len(answers(r["Correct Answers"])) + [0] * len(answers(r["Incorrect Answers"])),
            },
        }
        for r in rows
    )


def articles():
    path = os.path.join(ROOT, "wikitext2/test.txt")
    if not os.path.exists(path):
        return None
    pages, page = [], []
    for line in open(path, encoding="utf-8", newline="\n").read().split("\n"):
        title = line.replace("= = =", "===").replace("= =", "==").strip()
        if title.startswith("= ") and title.endswith(" ="):
            pages.append("\n".join(page))
            page = []
        page.append(line)
    pages.append("\n".join(page))
    return Split({"page": p} for p in pages if p.strip())


def bbh(name):
    path = os.path.join(ROOT, f"bbh/{name}.json")
    return Split(json.load(open(path, encoding="utf-8"))["examples"]) if os.path.exists(path) else None


def examples_file(name):
    kind = re.fullmatch("bbh_(?:cot_)?fewshot_(.*)", name)
    name = f"bbh/cot-prompts/{kind[1]}.txt" if kind else "truthfulqa/qa_primer.txt" if name.startswith("truthfulqa") else None
    return name and os.path.join(ROOT, name)


def blocks(path):
    """Examples of a text, what stands before them left out; read as the harness's _generate_configs.py reads it."""
    text = open(path, encoding="utf-8").read()
    return [b.strip() for b in re.split(r"(?:^|\n\n)(?=Q: )", text)[1:]]


def with_own_examples(name, config):
    """The harness's task with the examples of DATA_ROOT in place of its own."""
    path = examples_file(name)
    if path is None:
        return
    if name.startswith("truthfulqa"):
        config["doc_to_text"] = "\n\n".join(blocks(path)) + "\n\nQ: {{question}}\nA:"
        return
    samples = []
    for block in blocks(path):
        question, reasoning = block.split("\nA: Let's think step by step.", 1)
        answer = re.search("(?s:.*)(?<=the answer is )(.*)(?=.)", reasoning)[1]
        samples.append({"input": question[len("Q: "):], "target": reasoning.strip() if "_cot_" in name else answer})
    config["fewshot_config"] = {**config["fewshot_config"], "samples": samples}


def write_examples():
    for name in sorted(MANAGER._index):
        path = examples_file(name) if re.match("bbh_cot_fewshot_.|truthfulqa_mc1", name) else None
        if path is None or os.path.exists(path):
            continue
        config = MANAGER._factory._load_full_config(MANAGER._index[name])
        if name.startswith("bbh"):
            samples = config["fewshot_config"]["samples"]
            steps = "Let's think step by step.\n"
            text = "Own copy\n-----\n" + config["description"] + "\n\n".join(
                f"Q: {s['input']}\nA: {steps}{s['target']}" for s in samples)
        else:
            text = Template(config["doc_to_text"]).render(question="").removesuffix("\n\nQ: \nA:")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="\n") as f:
            f.write(text)


def target(task, doc):
    """What is right, as indices of choices or as texts."""
    if task.config.task == "truthfulqa_mc2":
        return [str(i) for i, label in enumerate(doc["mc2_targets"]["labels"]) if label]
    if task.config.task == "wikitext":
        return [doc["page"]]
    if task.config.output_type == "multiple_choice":
        right = task.doc_to_text(doc) if task.multiple_input else task.doc_to_target(doc)
        return [str(right if isinstance(right, int) else task.doc_to_choice(doc).index(right))]
    right = task.doc_to_target(doc)
    return [str(one) for one in (right if isinstance(right, list) else [right])]


def prompts(name, splits, shots):
    """(requests, targets) for each document, None if the files for it are not there."""
    DATA.clear()
    DATA.update({split: rows for split, rows in splits.items() if rows})
    config = dict(MANAGER._factory._load_full_config(MANAGER._index[name]))
    if FORM == "full":
        with_own_examples(name, config)
    examples = config.get("fewshot_split") or config.get("training_split")
    if (config.get("num_fewshot") if shots is None else shots) and examples and examples not in DATA:
        return None
    # What Assay's task does where the test questions are not there.
    if name.startswith("arc_") and "test" not in DATA:
        config["test_split"] = "validation"
    for key in ("training_split", "validation_split", "test_split"):
        if config.get(key) not in DATA:
            config[key] = None
    if config.get("fewshot_split") and config["fewshot_split"] not in DATA:
        config["fewshot_split"] = None
    for key in ("tag", "group"):
        config.pop(key, None)
    if not (config["test_split"] or config["validation_split"]):
        return None
    # Cleaned documents are taken as they are; their hook would need the fields they were made of.
    if name == "hellaswag" and "query" in DATA["validation"][0]:
        config.update(process_docs=None, doc_to_target="{{gold}}")
    task = ConfigurableTask(config=config)
    if shots is not None:
        task.set_config("num_fewshot", shots)
    elif task.config.num_fewshot is None:
        task.set_config("num_fewshot", 0)
    task.set_fewshot_seed(seed=1234)
    task.build_all_requests(rank=0, world_size=1)
    documents = [([], target(task, doc)) for doc in task.eval_docs]
    for instance in task.instances:
        texts = [a for a in instance.args if isinstance(a, str)]
        documents[instance.doc_id][0].append(texts)
    return documents


def cases():
    """Name of ours, name of the harness's, splits, shots (None: the task's own)."""
    validation = lambda folder, file, train="train.jsonl": {
        "validation": lines(f"{folder}/{file}"), "train": lines(f"{folder}/{train}")}
    yield "hellaswag", "hellaswag", validation("hellaswag", "hellaswag_val.jsonl", "hellaswag_train.jsonl")
    for level in ("easy", "challenge"):
        yield f"arc_{level}", f"arc_{level}", {
            s: lines(f"arc_{level}/ARC-{level.capitalize()}-{s}.jsonl") for s in ("train", "validation", "test")}
    yield "openbookqa", "openbookqa", {
        s: flat(lines(f"openbookqa/{f}.jsonl")) for s, f in (("train", "train"), ("validation", "dev"), ("test", "test"))}
    yield "piqa", "piqa", validation("piqa", "valid.jsonl")
    yield "winogrande", "winogrande", validation("winogrande", "dev.jsonl", "train_xl.jsonl")
    yield "boolq", "boolq", {s: relabelled(lines(f"boolq/{f}.jsonl"), lambda r: int(r["answer"]))
                             for s, f in (("train", "train"), ("validation", "val"))}
    yield "copa", "copa", validation("copa", "val.jsonl")
    for task in ("truthfulqa_mc1", "truthfulqa_mc2"):
        yield task, task, {"validation": truthfulqa()}
    yield "gsm8k", "gsm8k", {s: lines(f"gsm8k/{s}.jsonl") for s in ("train", "test")}
    yield "math500", "hendrycks_math500", {"test": lines("math500/test.jsonl")}
    mbpp = lines("mbpp/mbpp.jsonl")
    yield "mbpp", "mbpp", {"test": mbpp and Split(r for r in mbpp if 11 <= r["task_id"] <= 510)}
    yield "humaneval", "humaneval", {"test": lines("humaneval/HumanEval.jsonl.gz")}
    yield "nq_open", "nq_open", validation("nq_open", "dev.jsonl")
    yield "jcommonsenseqa", "ja_leaderboard_jcommonsenseqa", validation(
        "jcommonsenseqa", "valid-v1.3.json", "train-v1.3.json")
    kinds = ("entailment", "contradiction", "neutral")
    yield "jnli", "ja_leaderboard_jnli", {
        s: relabelled(lines(f"jnli/{f}-v1.3.json"), lambda r: kinds.index(r["label"]))
        for s, f in (("train", "train"), ("validation", "valid"))}
    yield "wikitext", "wikitext", {"test": articles()}
    for name in sorted(MANAGER._index):
        subject = re.fullmatch("mmlu_(.*?)(_continuation)?", name)
        if subject and os.path.exists(os.path.join(ROOT, f"mmlu/data/test/{subject[1]}_test.csv")):
            yield name, name, {s: mmlu(s, subject[1]) for s in ("dev", "test")}
        if re.fullmatch("mmlu_pro_[a-z_]*", name) and lines("mmlu_pro/test.jsonl"):
            category = name[len("mmlu_pro_"):].replace("_", " ")
            rows = {s: lines(f"mmlu_pro/{s}.jsonl") for s in ("test", "validation")}
            if any(r["category"] == category for r in rows["test"]):
                yield name, name, rows
        kind = re.fullmatch("bbh_(fewshot|cot_fewshot|zeroshot)_(.*)", name)
        if kind and os.path.exists(os.path.join(ROOT, f"bbh/{kind[2]}.json")):
            yield name, name, {"test": bbh(kind[2])}


def shots_of(task, splits):
    """The task's own, and two and five where there are examples enough to choose from."""
    if task.startswith("bbh_") or task in ("humaneval", "wikitext", "truthfulqa_mc1", "truthfulqa_mc2", "math500", "mbpp"):
        return [None]
    pool = next((splits[s] for s in ("dev", "train") if splits.get(s)), [])
    return [None] + [n for n in (2, 5) if len(pool) > n or (len(pool) == n and "dev" in splits)]


if FORM == "examples":
    sys.exit(write_examples())
results = []
for ours, name, splits in cases():
    for shots in shots_of(ours, splits):
        documents = prompts(name, splits, shots)
        if documents is None:
            continue
        digest = hashlib.sha256()
        for requests, targets in documents:
            for texts in requests + [targets]:
                digest.update("".join(t + "\x1f" for t in texts).encode() + b"\x1e")
        case = {"task": ours, "shots": shots, "documents": len(documents), "sha256": digest.hexdigest()}
        if FORM == "full":
            case["prompts"] = [{"requests": r, "target": t} for r, t in documents]
        results.append(case)
print("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in results) + "\n]")
