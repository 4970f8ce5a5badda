"""Writes prompts.json: chat prompts of the task files in this folder as lm-evaluation-harness makes them.

Run in this folder with lm_eval 0.4.13 and transformers 5.18: `python prompts.py`. Data sets are read
by a stand-in for the package `datasets`, templates rendered by transformers; everything between is
the harness's own code.
"""

import importlib.abc
import importlib.machinery
import json
import pathlib
import sys
import types

import yaml


class Split(list):
    @property
    def features(self):
        return {key: None for key in self[0]}

    def select(self, indices):
        return Split(self[i] for i in indices)


def load_dataset(path, name=None, data_files=None, **_):
    return {
        split: Split(json.loads(line) for line in open(file, encoding="utf-8"))
        for split, file in data_files.items()
    }


class Missing(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": lambda self, *a, **k: None}) if name[0].isupper() else (
            lambda *a, **k: a[0] if a and callable(a[0]) else None)


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Packages the harness imports and does not need here."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in NOT_NEEDED:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Missing(spec.name)

    def exec_module(self, module):
        pass


NOT_NEEDED = {"datasets", "evaluate", "requests", "sacrebleu", "sqlitedict", "peft",
              "accelerate", "dill", "more_itertools", "jsonlines", "pytablewriter", "tqdm_multiprocess"}
sys.meta_path.append(StandIns())
import datasets  # noqa: E402

datasets.__version__ = "4.0.0"
datasets.load_dataset = load_dataset
datasets.Dataset = Split

from lm_eval.api.task import ConfigurableTask  # noqa: E402
from lm_eval.models.huggingface import HFLM  # noqa: E402
from transformers.utils.chat_template_utils import render_jinja_template  # noqa: E402


def template(name):
    source = pathlib.Path(name).read_text(encoding="utf-8")

    class Tokenizer:
        def apply_chat_template(self, chat, tokenize, **kwargs):
            return render_jinja_template(
                [chat], chat_template=source, bos_token="<s>", eos_token="</s>", **kwargs)[0][0]

    model = object.__new__(HFLM)
    model.tokenizer = Tokenizer()
    model.chat_template_args = {"enable_thinking": False}
    return model.apply_chat_template


def config(name):
    own = yaml.safe_load(open(name + ".yaml", encoding="utf-8"))
    include = own.pop("include", None)
    return {**(config(include.removesuffix(".yaml")) if include else {}), **own}


cases = []
for name in ["choose", "choose_prefix", "choose_spaced", "blank", "write", "write_prefix", "likely"]:
    task = ConfigurableTask(config=config(name))
    for source in [None, "plain.jinja", "trimming.jinja", "refusing.jinja"]:
        for system in [None, "Be brief.", "Be brief.\n"]:
            for multiturn in [False, True] if source else [False]:
                prompts = []
                for doc in task.test_docs():
                    context = task.fewshot_context(
                        doc,
                        num_fewshot=task.config.num_fewshot,
                        system_instruction=system,
                        apply_chat_template=source is not None,
                        fewshot_as_multiturn=multiturn,
                        chat_template=template(source) if source else None,
                        gen_prefix=task.doc_to_prefix(doc),
                    )
                    made = task.construct_requests(
                        doc=doc, ctx=context, apply_chat_template=source is not None,
                        metadata=(name, 0, 1), doc_id=0)
                    made = made if isinstance(made, list) else [made]
                    prompts.append([[a for a in m.args if isinstance(a, str)] for m in made])
                cases.append({"task": name, "template": source, "system": system,
                              "multiturn": multiturn, "prompts": prompts})

with open("prompts.json", "w", encoding="utf-8") as out:
    out.write("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n")
