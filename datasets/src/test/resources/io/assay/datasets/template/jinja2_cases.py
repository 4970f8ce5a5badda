"""Writes jinja2-cases.json: what jinja2 renders with the settings of lm-evaluation-harness.

Run with jinja2 3.1.6: python jinja2_cases.py > jinja2-cases.json
"""
import json
import re

from jinja2 import BaseLoader, Environment, StrictUndefined

env = Environment(loader=BaseLoader(), undefined=StrictUndefined, keep_trailing_newline=True)
env.filters["regex_replace"] = lambda s, pattern, repl, count=0: re.sub(pattern, repl, s, count=count)

doc={"q": "  Hello, World!  ", "n":3, "f":2.5, "g":1e22, "h":1.0, "t":True, "fa":False, "none":None, "l":["a", "b's", "c\"d"], "nums":[1,2,3], "fs":[0.1,2.0],
 "d":{"text":["x", "y"], "label":["A", "B"]}, "s": "a b  c d", "nl": "line\n", "e": "", "el":[], "zh": "雨が降る😀x", "num": "007", "false": "x", "sf": "false", "nested":[[1, "a"],[2, "b"]], "items":["i1", "i2"], "neg":-7, "big":12345678901234567890123, "md":{"b":1, "a":2}}
TEMPLATES = r'''{{q}}
{{q}}
plain text
a
{{q.strip()}}
{{q|trim}}!
{{n}} {{f}} {{g}} {{h}} {{t}} {{fa}} {{none}}
{{l}}
{{nums}}
{{fs}}
{{d}}
{{nested}}
{{s.split(' ')[:-1]|join(' ')}}
{{' '+s.split(' ')[-1]}}
{{s.split()}}
{{s.split(' ')}}
{{s.split(' ',1)}}
{{s.replace(' ','-')}}
{{s|replace(' ','-')}}
{{s|replace(' ','-',1)}}
{{s.upper()}} {{s.title()}} {{s.capitalize()}} {{q.lower()}} {{s|capitalize}} {{s|title}} {{s|upper}}
{{l|length}} {{zh|length}} {{s|count}}
{{zh[0]}} {{zh[-2]}} {{zh[1:3]}} {{zh[::-1]}}
{{s[0]}}{{s[-1]}}{{s[2:]}}|{{s[:2]}}|{{s[::2]}}|{{s[1:-1]}}
{{l[0]}} {{l[-1]}} {{l[1:]}} {{l[::-1]}}
{{d.text}} {{d['text']}} {{d.text[0]}} {{d['label'].index('B')}}
{{l.index("a")}}
{{n+1}} {{n/2}} {{n//2}} {{n%2}} {{n*2}} {{n**2}} {{-n}} {{neg//2}} {{neg%3}} {{6/2}}
{{n + f}} {{f*2}} {{1/3}}
{{"a" ~ n ~ none ~ t ~ h}}
{{"a" + "b"}} {{"ab" * 3}} {{nums + [4]}}
{{n == 3}} {{n != 3}} {{n < 4}} {{"a" in l}} {{"z" not in l}} {{not t}} {{t and fa}} {{t or fa}}
{{ "yes" if t else "no" }} {{ "yes" if fa }}|
{{ ["no","yes"][n-3] }} {{["no","yes"][t]}}
{% if sf %}T{% else %}F{% endif %} {% if e %}T{% else %}F{% endif %} {% if el %}T{% else %}F{% endif %} {% if h %}T{% else %}F{% endif %} {% if none %}T{% else %}F{% endif %}
{% for x in l %}{{loop.index}}. {{x}}{% if not loop.last %}, {% endif %}{% endfor %}
{% for x in nums %}{{ loop.index0 }}{{loop.first}}{{loop.length}} {% endfor %}
{% set x = n + 1 %}{{x}}
{%- for x in nums -%} {{x}} {%- endfor -%}
{% for i in range(3) %}{{i}}{% endfor %} {{range(3)|list}} {{range(1,7,2)|list}}
{{ l|first }} {{l|last}} {{nums|sum}} {{nums|max}} {{nums|min}} {{l|join(", ")}} {{nums|join}}
{{n|string}} {{"3"|int}} {{"3.7"|float}} {{"x"|int}} {{f|int}} {{2.567|round(2)}} {{2.5|round}} {{3.5|round|int}}
{{none is none}} {{n is defined}} {{zzz is defined}} {{n is number}} {{s is string}} {{zzz is undefined}} {{n is odd}} {{nums is iterable}}
{{zzz|default("dd")}} {{none|default("dd")}} {{e|default("dd",true)}}
{{s|regex_replace("[a-c]","<>")}} {{s|regex_replace("([a-c])","<\\1>")}}
{{"%s-%d" % (s, n)}}
{{"%s" % n}}
{{"%.2f" % f}}
{{ "{} {}".format(s,n) }}
{{ ", ".join(l) }}
{{ l|map("upper")|list }}
{{ nested|map(attribute=0)|list }}
{{ nested|map("first")|join(",") }}
{{ l|reverse|list }} {{nums|sort(reverse=true)}} {{l|list}} {{ "abc"|list }}
{{ s.startswith("a") }} {{s.endswith("d")}} {{s.find("b")}} {{s.count(" ")}} {{"a" in s}}
{{ q.lstrip() }}|{{q.rstrip()}}|{{s.strip("ad")}}|{{"..a..".strip(".")}}|{{"abc".rstrip("bc")}}
{{ num|int }} {{num}} {{ num == "007"}} {{"5" == 5}} {{5 == 5.0}} {{t == 1}}
{{ d.items()|list }} {{ d.keys()|list }} {{ md.values()|list }} {{ d.get("text") }} {{d.get("zz","def")}} {{d.get("zz")}}
{% for k, v in md.items() %}{{k}}={{v}} {% endfor %}
{% for k in md %}{{k}} {% endfor %}
{{ md|dictsort }}
{{ {"a": 1, "b": [1,2]} }} {{ {"a": 1}["a"] }} {{ [1, "x", none, true, 1.5] }} {{ (1,2) }} {{ (1,) }}
{{ "it's" }} {{ ["it's", 'say "hi"', "both ' \" "] }} {{ ["\n", "\t", "é", "\\"] }}
{{ 'a\nb' }} {{ "tab\there" }}
{# comment #}x
{{ "A" if n == 1 else "B" if n == 2 else "C" }}
{{ loop is defined }}
{%- set ns = namespace(c=0) -%}{%- for x in nums -%}{%- set ns.c = ns.c + x -%}{%- endfor -%}{{ns.c}}
{{ "abc"|upper|lower|title }}
{{ 10000000000 * 10000000000 }} {{big}} {{big+1}}
{{ 0.1+0.2 }} {{1e-7}} {{1e16}} {{123456789.125}} {{100000.0*10}}
{{ ["a","b"]|tojson }} {{md|tojson}}
{% raw %}{{x}}{% endraw %}
{{ l[0:2]|join }} {{ "a,b,c".split(",")|last }}
{{ ["A","B","C"].index("B") }} {{ "ABC".index("C") }}
{{ s|wordcount }} {{ q|trim|length }} {{ "a\\b" }}
{{ 3 is divisibleby 3 }} {{ 1 is even }} {{ n is sameas 3 }} {{ "a" is in ["a"] }} {{ n is eq 3 }}
{{ none or "x" }} {{ "" or "y" }} {{ "a" and "b" }} {{ 0 or 5 }}
{{ 1 < 2 < 3 }} {{ 3 > 2 > 2 }}
{{ items }}
{{zzz}}
{{ d.zz }}
{{ d["zz"] }}
{{ l[9] }}
{{ none.x }}
{{ "a" + 1 }}
{{ l.index("nope") }}
{{ s.nope() }}
{{ "x" | nofilter }}
{% if t %}no end
{{ n. }}
{{ s.getClass() }}
{% include "x" %}
{% import "x" as y %}
{{ s|e }} {{ "<a>"|escape }} {{ "<a>" }} {{"<a>"|safe}}
{{ l | map('replace', 'a', 'z') | list }}
{{ nums|select("odd")|list }} {{nums|reject("equalto",2)|list}} {{ [md]|selectattr("a","equalto",2)|list }} {{ [md]|map(attribute="a")|list }}
{{ nums|batch(2)|list }} {{ nums|unique|list }} {{ "x"|center(5) }} {{ "a b"|urlencode }}
{%- if t %}
  x
{%- endif %}
{% if t -%}
  x
{% endif -%}
  y
{{ nums[-1:] }} {{ nums[5:] }} {{ nums[:0] }} {{ s[100:] }}
{{ "é".upper() }} {{ "ß".upper() }} {{"İ"|lower}}
{{ "abc".isdigit() }} {{ "12".isdigit() }} {{ "ab\ncd".splitlines() }} {{ "a-b-c".rsplit("-",1) }} {{ "a-b".partition("-") }} {{"7".zfill(3)}}
{{ q.strip().split(",")[0].lower() ~ "." }}
{{ loop }}
{{ n is not none }} {{ not n is none }} {{ none is not none }}
{% for x in el %}a{% else %}empty{% endfor %}
{% for x in nums if x > 1 %}{{x}}{% endfor %}
{% for a, b in nested %}{{a}}{{b}}{% endfor %}
{% for x in "abc" %}{{x}},{% endfor %}
{{ range(10)|batch(3)|map("join","-")|join(" ") }}
{{ 5|abs }} {{ -5|abs }} {{ (-5)|abs }} {{ 2**3**2 }} {{ -2**2 }} {{ 7 - 3 - 2 }} {{ 2 + 3 ~ 4 }} {{ 10 - 2 * 3 }}
{{ True }} {{ none }} {{ None }} {{ true }} {{ False|lower }}
{{ "a" "b" }}
{{ 1_000 }} {{ 0x1f }} {{ 1.5e3 }}
{{ [1,2,3][1] }} {{ [[1,2],[3]][0][1] }} {{ "abc"[1] }}
{{ s.split(" ")|select|list }} {{ [0,1,"",none,"a"]|select|list }}
'''.strip("\n").split("\n")

TEMPLATES += ["{{q}}\n","{{q}}\n\n","a\n","{% if t %}\nx\n{% endif %}\ny\n","a {%- if t -%} b {%- endif -%} c\n","{{ q -}}  \n z","{# c #}\n{{n}}\n","\r\nx\r\n","{% set x = 1 %}\n{{x}}\n","{%- if t %}\n  x\n{%- endif %}\n\n{% if t -%}\n  x\n{% endif -%}\n  y", "{%+ if t +%}\n x{%+ endif %}", "{% raw -%}  {{ n }} {%- endraw -%}  z", "{# a -#}  b {#- c #}d", "{{ unclosed", "{{ '}}' }}", "{{ {'a': {'b': 1}}['a']['b'] }}", "{% for x in nums -%}\n  {{ x }}\n{%- endfor %}", "{% set x %}a{{ n }}{% endset %}{{ x }}", "{% for x in nums %}{% set y = x %}{% endfor %}{{ y is defined }}", "{% if t %}{% set y = 1 %}{% endif %}{{ y }}"]

# (pattern, replacement, text)
SUBSTITUTIONS = [
    (r"\d+", "#", "a1 ٣ ４2"), (r"\w+", "<\\g<0>>", "été 雨 a_b"), (r".", "x", "a\r\u2028b\n"), (r"a\Z", "x", "a\na"),
    (r"(?P<first_name>\w+) (?P=first_name)", r"\g<first_name>!", "ab ab cd"), (r"[[&&x]", "-", "a[b&c&&x"), (r"[]a]", "-", "]ab"),
    (r"[^]a]", "-", "]ab"), (r"a{,2}b", "x", "aaab b"), (r"^", "> ", "a\nb"), (r"(?m)^", "> ", "a\nb"), (r"(a)|(b)", r"[\1\2]", "ab"),
    (r"\s+", "_", "a \u00a0\t\u3000b"), (r"(?i)É", "e", "éÉ"), (r"", "-", "ab"), (r"b*", "-", "abc"), (r"\b", "|", "雨 ab"),
]
for pattern, replacement, text in SUBSTITUTIONS:
    TEMPLATES.append("{{ %s|regex_replace(%s, %s) }}" % tuple(json.dumps(x, ensure_ascii=False) for x in (text, pattern, replacement)))


def case(template):
    try:
        return {"template": template, "text": env.from_string(template).render(**doc)}
    except Exception as e:
        return {"template": template, "error": f"{type(e).__name__}: {e}"}


print(json.dumps({"document": doc, "cases": [case(t) for t in TEMPLATES]}, ensure_ascii=False, indent=1))
