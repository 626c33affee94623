#!/usr/bin/env python3
"""What Python's json makes of a text. A line of hex in, a line out: "refused", or the value in a canonical form.

Duplicate member names are refused; integers, booleans, null and strings come back exactly, numbers with a fraction as "f".
"""
import json
import sys


class Fraction:
    pass


def pairs(items):
    names = [name for name, _ in items]
    if len(set(names)) != len(names):
        raise ValueError("duplicate")
    return dict(items)


def refuse(name):
    raise ValueError(name)


def canonical(value):
    if isinstance(value, Fraction):
        return "f"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return "i%d" % value
    if isinstance(value, str):
        return "s" + value.encode("utf-8").hex()
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    members = sorted((name.encode("utf-8").hex(), canonical(item)) for name, item in value.items())
    return "{" + ",".join("%s:%s" % member for member in members) + "}"


for line in sys.stdin:
    try:
        text = bytes.fromhex(line.strip()).decode("utf-8")
        value = json.loads(text, object_pairs_hook=pairs, parse_float=lambda _: Fraction(), parse_constant=refuse)
        answer = canonical(value)
    except (ValueError, RecursionError):
        answer = "refused"
    print(answer, flush=True)
