"""Writes python_regex.jsonl: what CPython's re says about patterns, for PythonRegexTest.

Run: python3 python_regex.py > python_regex.jsonl     (made with CPython 3.11.7)
"""

import json
import re
import sys

CASES = [
    # patterns of published tasks
    (r"#### (\-?[0-9\.\,]+)", "so 3\n#### -1,234.5 done #### 7"),
    (r"(-?[$0-9.,]{2,})|(-?[0-9]+)", "a 3 b $1,234.50 c -7 d 12"),
    (r"([A-Za-z]{2,})", "an\ufffdores / {x yz"),
    (r"(?i)answer is:?\s*\(?([A-D])\)?", "The ANSWER is: (b). answer is C"),
    (r"((?<=The answer is )(.*)(?=.)|(?<=answer is )(.*)(?=.))", "So The answer is 42. ok\nanswer is 7!"),
    (r"\\boxed\{([^}]*)\}", "x \\boxed{12} y \\boxed{}"),
    (r"(?s)<think>.*?</think>", "a<think>x\ny</think>b"),
    (r"The best answer is ([A-Z])\b", "The best answer is B. The best answer is Cx"),
    # groups
    (r"(a)|(b)|(c)", "xbca"),
    (r"(a)?b", "b ab"),
    (r"(?P<whole_number>\d+)-(?P=whole_number)", "12-12 3-4 55-55"),
    (r"(?:x)(y)", "xy"),
    (r"(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\10", "abcdefghijj"),
    (r"(a)\1" + "0", "aa0 aa"),
    (r"(?#a remark)b", "abc"),
    # classes
    (r"[]a]+", "a]]b"),
    (r"[^]a]+", "a]]bc"),
    (r"[a[]+", "[a[b"),
    (r"[a&&b]+", "a&b&&"),
    (r"[\w-]+", "ab-c d_e é-1"),
    (r"[^\W\d]+", "ab1c é2 x_"),
    (r"[\s,]+", "a ,\u00a0\u3000b"),
    (r"[\d.]+", "1.2 ٣.٤"),
    (r"[+\-*/^]", "a^b-c"),
    (r"[a-c^]+", "ab^d"),
    (r"[\]\\]+", "a]\\b"),
    (r"[\b]", "a\bb"),
    (r"[ #]+", "a # b"),
    # what counts as a word, a digit, a space
    (r"\w+", "naïve Ⅷ x² cafe\u0301 日本_1"),
    (r"\W+", "naïve, x\u0301y"),
    (r"\d+", "12 ٣٤ ²³ ⅷ"),
    (r"\s+", "a\x1cb\x85c\u00a0d\u200be\u2028f"),
    (r"\S+", "a\x1fb c"),
    (r"\bé\w*\b", "été é1 aé"),
    (r"\B.\B", "abcd ef"),
    (r"(?a)\w+", "naïve x"),
    (r"(?a)\d+\s", "12\u00a0٣ 4 "),
    # line ends and anchors
    (r"a.b", "a\rb a\nb a\u2028b"),
    (r"^\w+$", "one\ntwo"),
    (r"\w+$", "one\ntwo\n"),
    (r"\w+$", "one\r\n"),
    (r"\w+\Z", "one\ntwo\n"),
    (r"\w+\Z", "one\ntwo"),
    (r"(?m)^\w+$", "one\ntwo\r\nthree\n"),
    (r"(?m)^", "a\nb\n"),
    (r"(?m)$", "a\nb\n"),
    (r"\Aa", "aa"),
    # case
    (r"(?i)É+", "éÉe"),
    (r"(?i:ab)c", "ABc ABC"),
    (r"(?i)a(?-i:b)", "AB Ab"),
    (r"(?i)straße", "STRASSE Straße"),
    # quantifiers
    (r"a{2}", "aaaaa"),
    (r"a{,2}b", "aaab b"),
    (r"a{2,}", "a aa aaa"),
    (r"a{x}", "a{x} ax"),
    (r"{a}", "{a}"),
    (r"a{,}b", "aab b"),
    (r"a{}", "a{} a"),
    (r"x*", "axb"),
    (r"a+?b??", "aab"),
    (r"a++b", "aab"),
    (r"(?>a+)b", "aab"),
    # escapes
    (r"\x41\u0042\101\0", "AB\x41\0"),
    (r"\U0001F600", "x😀y"),
    (r"\-\_\"\<\/", "-_\"</"),
    (r"\v\f\a\t", "\x0b\x0c\x07\t"),
    (r".", "a😀"),
    (r"(?x) a b  # remark\n  c [ ]", "abc  ab c"),
    (r"(?s).+", "a\nb"),
    (r"a|", "ba"),
    # refused by Python
    (r"(a", ""),
    (r"[a", ""),
    (r"a**", ""),
    (r"\q", ""),
    (r"\p{L}", ""),
    (r"\1(a)", ""),
    (r"(?<name>a)", ""),
    ("a\\", ""),
    (r"(?z)a", ""),
]

for pattern, text in CASES:
    try:
        compiled = re.compile(pattern)
    except re.error:
        row = {"pattern": pattern, "text": text, "error": True}
    else:
        found = [[m] if isinstance(m, str) else list(m) for m in compiled.findall(text)]
        row = {"pattern": pattern, "text": text, "findall": found, "sub": compiled.sub("", text)}
    json.dump(row, sys.stdout, ensure_ascii=True)
    print()
