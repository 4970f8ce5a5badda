"""Writes literal-cases.json: repr(ast.literal_eval(text)), or null where that fails.

Run with Python 3.11: python literal_cases.py > literal-cases.json
"""
import ast
import json

TEXTS = [
    "[]", "['a', 'b']", '["it\'s", \'say "hi"\']', "[1, 2.5, -3, True, None]", "('a',)", "('a')", "()",
    "(1, 2)", "{'a': 1, \"b\": [2]}", "  ['x']", "['x'] ", "\n['x']", "['a' 'b', 'c']", "['a', ]", "[,]",
    "['a'", "['a' 'b'", "[a]", "abc", "", "'\\n\\x41\\u96e8\\101'", "r'\\n'", "u'a'", "'''a\nb'''", "'a\nb'",
    "[['a'], ['b', ['c']]]", "-7", "+7", "--7", "007", "0", "00", "1_000", "1e5", ".5", "5.", "1.e3", "[1 2]",
    "__import__('os')", "[x for x in [1]]", "1 + 1", "['\\q']", "{'a': 1,}", "{1: 2, 1.0: 3}", "True",
    "None", "nan", "[None, 'None']", "'雨😀'", "['a'], ['b']", "[1,\n 2]",
]


def case(text):
    try:
        return {"text": text, "repr": repr(ast.literal_eval(text))}
    except Exception:
        return {"text": text, "repr": None}


print(json.dumps([case(t) for t in TEXTS], ensure_ascii=False, indent=1))
