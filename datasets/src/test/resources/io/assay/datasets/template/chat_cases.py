"""Writes chat-cases.json: what transformers renders with the chat templates in chat/ and with the lines below.

Run with transformers 5 and jinja2 3.1.6: python chat_cases.py > chat-cases.json
The templates are written for these tests; between them they use what templates of published checkpoints use.
"""
import json
import pathlib

from transformers.utils import chat_template_utils

FOLDER = pathlib.Path(__file__).parent / "chat"
CALLS = [
    {"id": "f.w:0", "type": "function", "function": {"name": "w", "arguments": '{"city": "北京", "n": 1}'}},
    {"id": "f.w:1", "type": "function", "function": {"name": "w", "arguments": "{}"}},
]
CONVERSATIONS = {
    "one": [{"role": "user", "content": "Hello, <world> & 'you'!"}],
    "system": [{"role": "system", "content": " Be brief. "}, {"role": "user", "content": "1+1?\n"}],
    "turns": [
        {"role": "system", "content": "A"},
        {"role": "user", "content": "你好😀"},
        {"role": "assistant", "content": "<think>\nhm\n</think>\n\nHi  "},
        {"role": "user", "content": ""},
        {"role": "assistant", "content": "x", "reasoning_content": "\ny\n"},
        {"role": "user", "content": "end"},
    ],
    "two systems": [{"role": "system", "content": "A"}, {"role": "system", "content": "B"}, {"role": "user", "content": "q"}],
    "ends with assistant": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}],
    "tools": [
        {"role": "user", "content": "weather?"},
        {"role": "assistant", "content": None, "tool_calls": CALLS},
        {"role": "tool", "content": "sun", "tool_call_id": "f.w:0"},
        {"role": "tool", "content": "rain", "tool_call_id": "f.w:1"},
    ],
    "parts": [{"role": "user", "name": "Ann", "content": [{"type": "text", "text": "see"}, {"type": "image"}, {"type": "text", "text": "this"}]}],
    "wrong order": [{"role": "assistant", "content": "a"}],
}
VARIABLES = [
    {"add_generation_prompt": True},
    {"add_generation_prompt": False},
    {"add_generation_prompt": True, "thinking": True, "enable_thinking": False, "date_string": "1 May 2025"},
    {"add_generation_prompt": True, "tools": [{"name": "w", "d": "<a'b> é", "f": 1.0, "o": {"z": 1, "a": [None, True]}}], "date_string": "now"},
]
TOKENS = {"bos_token": "<|begin|>", "eos_token": "<|end|>"}

# One template each; names are those of the values below.
LINES = r'''{{ nothing }}|{{ nothing is defined }}|{{ "yes" if nothing else "no" }}|{{ nothing ~ "x" }}
{{ nothing.x }}
{{ nothing['x'] }}
{{ nothing + 'x' }}
{{ none.x }}|
{{ none.x.y }}
{{ nothing == none }} {{ nothing != none }} {{ nothing == other }} {{ nothing is none }} {{ nothing is string }} {{ nothing is mapping }} {{ nothing is iterable }} {{ nothing is sequence }} {{ nothing is number }} {{ nothing is false }}
{{ nothing < 3 }}
{{ nothing|length }} {{ nothing|list }} {{ nothing|join }} {{ nothing|upper }}|{{ nothing|trim }}|{{ nothing|first }}|{{ nothing|default('d') }}|{{ nothing|replace('a', 'b') }}|{{ nothing|string }}|{{ nothing|reverse|list }}|{{ nothing|items|list }}
{{ nothing|tojson }}
{{ nothing|int }}
{{ nothing() }}
{{ 'a' in nothing }} {{ nothing in ['a'] }}
{{ nothing in 'a' }}
{% for x in nothing %}a{% else %}none{% endfor %}
{{ [nothing, 1] }} {{ {'a': nothing} }}
{% set x = nothing %}{{ x is defined }}{{ x }}
{{ ('a' if false) }}|{{ ('a' if false) is defined }}|{{ 'a' if true }}
{{ ('a' if false) + 'b' }}
{{ message|tojson }}
{{ message|tojson(indent=2) }}
{{ message|tojson(indent=1, ensure_ascii=true, sort_keys=true) }}
{{ message|tojson(separators=(',', ':')) }} {{ [[], {}, [1]]|tojson(indent=4) }} {{ {1: 2, none: 3, true: 4.5}|tojson }}
{{ '\u2028\x7f<>&\'"\\/\t\x01é😀'|tojson }} {{ 1e30|tojson }}
{{ messages|map(attribute='role')|join(',') }} {{ messages|map(attribute='zz')|list }} {{ messages|map(attribute='zz', default='-')|join }}
{{ messages|selectattr('role', 'equalto', 'user')|list|length }} {{ messages|rejectattr('role', 'eq', 'user')|map(attribute='content')|list }}
{{ messages|selectattr('calls', 'defined')|list|length }} {{ messages|selectattr('calls')|list|length }} {{ messages|rejectattr('calls', 'undefined')|list|length }}
{{ (messages|selectattr('role', 'equalto', 'zz')|list|first) is defined }} {{ (messages|last).content }} {{ messages|first|length }}
{% for m in messages if m.role != 'system' %}{{ loop.index }}/{{ loop.length }}{{ m.role }}{{ loop.previtem is defined }}{{ loop.nextitem.role if loop.nextitem is defined }} {% endfor %}
{% for m in messages[::-1] %}{{ m.content }}{% endfor %}
{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}
{% for x in range(3) %}{% for y in range(3) %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}
{% break %}
{% macro m() %}{% break %}{% endmacro %}
{% macro m(a, b='B', c=none) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, c=2) }}{{ m(b=3) }}{{ m('x', 'y', 'z')|lower }}{{ m }}
{% macro m(a, b='B', c=none) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, c=2) }}{{ m(b=3) }}{{ m('x', 'y', 'z')|lower }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(z=2) }}
{% macro m() %}{{ x }}{% endmacro %}{% set x = 5 %}{{ m() }}{% set x = 6 %}{{ m() }}
{% for x in [1, 2] %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}{{ m is defined }}
{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(12) }}
{% macro m(a) %}{% set b = a %}{{ b }}{% endmacro %}{{ m(1) }}{{ b is defined }}
{% set ns = namespace(a=1) %}{% for x in [1, 2, 3] %}{% set ns.a = ns.a + x %}{% endfor %}{{ ns.a }} {{ ns.zz is defined }} {{ ns['a'] }}
{% set x | upper | trim %} ab {% endset %}[{{ x }}] {% filter upper %}c{{ 'd' }}{% endfilter %}
{% with a = 1, b = 2 %}{{ a }}{{ b }}{% set c = 3 %}{% endwith %}{{ a is defined }}{{ c is defined }}
{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (a, b) = (b, a) %}{{ a }}{{ b }}
{% set x %}{% set y = 1 %}{{ y }}{% endset %}{{ x }}{{ y is defined }}
{% generation %}{{ 'a' }}{% set q = 1 %}{% endgeneration %}{{ q is defined }}
{{ raise_exception('no ' ~ 'way') }}
{{ raise_exception is defined }} {{ strftime_now is defined }} {{ range is defined }} {{ strftime_now is callable }} {{ message is callable }} {{ tool_use is callable }}
{{ strftime_now('%%') }}
{{ message.items()|list }} {{ message.keys()|list }} {% for k, v in message.items() %}{{ k }}={{ v }};{% endfor %} {{ message.get('zz', 'dd') }} {{ message|items|list|length }}
{{ message['content'].split('o')|join('0') }} {{ message.content[1:-1] }} {{ message.content[::-1] }} {{ message.content.strip('H!') }} {{ message.content|length }}
{{ ' a b '.split() }} {{ ' a  b c '.split(none, 1) }} {{ ' a  b c '.rsplit(none, 1) }} {{ 'a b c'.rsplit(maxsplit=1) }} {{ ''.split() }} {{ ' a b '.rsplit() }}
{{ 'x'.join(['a', 'b']) }} {{ 'abc'.find('c') }} {{ 'a-b'.replace('-', '+') }} {{ 'ab' in 'cabd' }} {{ 'Ab'.lower() ~ 'Ab'.upper() }} {{ 'abc'.startswith(('x', 'a')) }} {{ 'a\nb\n'.splitlines() }}
{{ messages.append(1) }}
{{ message.update({'a': 1}) }}
{{ message.__class__ }}
{{ message.__class__.__mro__ }}
{{ ''.__class__.__base__ }}
{{ range(999999) }}
{{ dict(a=1, b=2)|dictsort }} {{ dict(message)|length }}
{{+ 'x' }} {{- ' y' -}} z
{{ messages|length is odd }} {{ 7 // 2 }} {{ 7 % 4 == 3 and not false }} {{ (1, 2)[0] }} {{ -1 ** 2 }}
{{ 'a' if messages[5] is defined else 'b' }} {{ messages[-1]['content'] }} {{ messages[5] }}|
{{ message.content is string and message.content is not mapping }} {{ message is mapping }} {{ messages is iterable and messages is not mapping }} {{ messages is sequence }}
{{ loop is defined }}{% for x in [1] %}{{ loop is defined }}{% endfor %}
{{ "%s: %d" % ('a', 3) }} {{ "{} {}".format('a', 3) }} {{ "{a}".format(a=1) }}'''.split("\n")
LINES += [
    "{% if true %}\n  a\n{% endif %}\nb\n",
    "  {% if true %}\n    a\n  {% endif %}\n  b\n\n",
    "  {%+ if true %}\n    a\n  {%- endif %}\n  b",
    "{% if true +%}\na\n{% endif +%}\nb",
    "a {% if true %} b {% endif %} c",
    "a\n\t {% if true %}{{ 1 }}\n  {{ 2 }}\n {% endif %}\n",
    "x\n  {# c #}\ny {# d #}\n  {#- e -#}\n z\n {#+ f +#}\nw",
    "{% if true %} {% if true %} a {% endif %} {% endif %}",
    "{% for x in [1, 2] %}\n    {{ x }}\n{% endfor %}\n    {% set a = 1 %}\n    {{ a }}",
    "  {% raw %}\n {{ x }} \n  {% endraw %}\n  b",
    "{%- raw -%}\n  {{ x }}\n {%- endraw -%}\n  b",
    "{% raw %} {% endraw %}  {% if true %}c{% endif %}",
    "\n\n{% if true %}\n\n a{% endif %}\n\n",
    "{% if true %}\r\n  a\r\n{% endif %}\r\nb\r\n",
    "\u00a0{%- if true -%}\u3000a{%- endif %}",
    "{%- set x = [\n  1,\n  2,\n] -%}\n{{ x | join(\n ',' ) }}",
    "{{ {'a': {'b': [1, {'c': 2}]}}['a']['b'][1]['c'] }}{{ '}}' }}",
    "{% if true %}a\n{%- else -%}\n b{% endif %}",
]
DOCUMENT = {
    "message": {"role": "user", "content": "Hello! <é>", "n": 1, "z": None, "f": 0.5},
    "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U", "calls": [1]}, {"role": "assistant", "content": "A", "calls": []}],
}


def rendered(template, values):
    try:
        return {"text": chat_template_utils._compile_jinja_template(template).render(**values)}
    except Exception as e:
        return {"error": f"{type(e).__name__}: {e}"}


def chats():
    for file in sorted(FOLDER.glob("*.jinja")):
        template = file.read_text(encoding="utf-8")
        for name, messages in CONVERSATIONS.items():
            for i, variables in enumerate(VARIABLES):
                values = {"messages": messages, "tools": None, "documents": None, **TOKENS, **variables}
                if file.stem == "strict-roles":
                    values.setdefault("date_string", "today")
                yield {"template": file.name, "chat": name, "values": values, **rendered(template, values)}


print(json.dumps({"document": DOCUMENT,
                  "lines": [{"template": t, **rendered(t, DOCUMENT)} for t in LINES],
                  "chats": list(chats())}, ensure_ascii=False, indent=1))
