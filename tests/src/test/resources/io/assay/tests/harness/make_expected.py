"""Writes expected/: what lm-evaluation-harness says to the tasks of this folder on the golden checkpoint v3-basic.

    python make_expected.py CHECKPOINT [PACKAGE TO DO WITHOUT ...]

Made with lm_eval 0.4.13, transformers 5.18.0, torch 2.13.0 (CPU, float32, eager attention, batch size 1), sacrebleu 2.6.0,
scikit-learn 1.9.1. The package datasets is replaced by the few lines below: the tasks read JSON lines only. Seeds: 0, 1234,
1234, 1234 (random, numpy, torch, few-shot), the harness's own. Bootstrap in one process, 1000 resamples.

When documents are changed: a response that differs by some thousandths is a tie of two experts in float32; reword the document.
"""
import importlib.abc, importlib.machinery, json, os, sys, types
from pathlib import Path

import torch.utils.data  # before the packages below are replaced
import transformers

os.environ["DISABLE_MULTIPROC"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"


class Dataset(list):
    @property
    def features(self):
        return {key: None for key in self[0]} if self else {}

    @property
    def column_names(self):
        return list(self.features)


def load_dataset(path=None, name=None, data_files=None, **kwargs):
    assert path == "json", path
    return {
        split: Dataset(json.loads(line) for line in (TASKS / file).read_text("utf-8").split("\n") if line)
        for split, file in data_files.items()
    }


class Missing(types.ModuleType):
    """A package the harness imports and these tasks do not use."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": lambda self, *args, **kwargs: None})


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name.split(".")[0] in ["datasets", *sys.argv[2:]] else None

    def create_module(self, spec):
        return Missing(spec.name)

    def exec_module(self, module):
        pass


sys.meta_path.append(Finder())
sys.modules["datasets"] = Missing("datasets")
sys.modules["datasets"].__version__ = "3.0.0"
sys.modules["datasets"].load_dataset = load_dataset
sys.modules["datasets"].Dataset = Dataset

HERE = Path(__file__).parent
TASKS = HERE / "tasks"
MAX_LENGTH = 256

from lm_eval import simple_evaluate
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager


def plain(value):
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return value


def main():
    names = sorted(p.stem for p in TASKS.glob("*.yaml") if not p.stem.startswith("_"))
    weights = transformers.AutoModelForCausalLM.from_pretrained(
        sys.argv[1], dtype=torch.float32, attn_implementation="eager").eval()
    model = HFLM(
        pretrained=weights, tokenizer=sys.argv[1], batch_size=1, max_length=MAX_LENGTH, add_bos_token=False)
    out = simple_evaluate(
        model=model, tasks=names, task_manager=TaskManager(include_path=str(TASKS), include_defaults=False),
        bootstrap_iters=1000, log_samples=True,
    )
    folder = HERE / "expected" / "default"
    folder.mkdir(parents=True, exist_ok=True)
    results = {"results": plain(out["results"]), "run": {"add_bos_token": False, "max_length": MAX_LENGTH}}
    (folder / "results.json").write_text(
        json.dumps(results, indent=1, default=str, ensure_ascii=False) + "\n", "utf-8")
    left_out = ("doc", "doc_hash", "prompt_hash", "target_hash", "metrics", "arguments")
    for task, samples in out["samples"].items():
        with open(folder / f"samples_{task}.jsonl", "w", encoding="utf-8") as file:
            for sample in samples:
                keep = {k: v for k, v in plain(sample).items() if k not in left_out}
                keep["arguments"] = [plain(a)[:2] for a in sample["arguments"]]
                file.write(json.dumps(keep, ensure_ascii=False, default=str) + "\n")


main()
