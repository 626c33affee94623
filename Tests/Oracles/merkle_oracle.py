#!/usr/bin/env python3
"""RFC 6962 section 2.1 over the leaves "leaf 0", "leaf 1", ...: one question a line, one line of hex hashes back.

root SIZE | inclusion INDEX SIZE | consistency OLD NEW
"""
import functools
import hashlib
import sys


def split(width):
    k = 1
    while k * 2 < width:
        k *= 2
    return k


@functools.lru_cache(maxsize=None)
def mth(low, high):
    if low == high:
        return hashlib.sha256(b"").digest()
    if high - low == 1:
        return hashlib.sha256(b"\x00leaf %d" % low).digest()
    k = split(high - low)
    return hashlib.sha256(b"\x01" + mth(low, low + k) + mth(low + k, high)).digest()


def path(index, low, high):
    if high - low == 1:
        return []
    k = split(high - low)
    if index - low < k:
        return path(index, low, low + k) + [mth(low + k, high)]
    return path(index, low + k, high) + [mth(low, low + k)]


def subproof(old, low, high, whole):
    if old == high - low:
        return [] if whole else [mth(low, high)]
    k = split(high - low)
    if old <= k:
        return subproof(old, low, low + k, whole) + [mth(low + k, high)]
    return subproof(old - k, low + k, high, False) + [mth(low, low + k)]


for line in sys.stdin:
    words = line.split()
    numbers = [int(word) for word in words[1:]]
    if words[0] == "root":
        hashes = [mth(0, numbers[0])]
    elif words[0] == "inclusion":
        hashes = path(numbers[0], 0, numbers[1])
    else:
        old, new = numbers
        hashes = [] if old in (0, new) else subproof(old, 0, new, True)
    print(" ".join(digest.hex() for digest in hashes))
