#!/usr/bin/env python3
"""Asks two programs that share no author, aics-tlog and proofbundle: one question a line as JSON, one line back with the verdicts of both.

{"kind": "checkpoint", "key": VKEY, "origin": O, "note": B64}
{"kind": "inclusion", "entry": B64, "index": I, "size": N, "path": [B64...], "root": B64}
{"kind": "consistency", "old": M, "new": N, "path": [B64...], "oldRoot": B64, "newRoot": B64}
{"kind": "proof", "key": VKEY, "origin": O, "file": B64, "entry": B64}
{"kind": "tiles", "directory": D, "size": N, "root": B64}

Answer: "1 1" both accept, "0 0" both reject, "-" has no opinion. What a program refuses to read is rejected.
"""
import base64
import json
import sys

import aics_tlog as a
from proofbundle import checkpoint, merkle, tlogproof

MAGIC = "c2sp.org/tlog-proof@v1"


def b64(text):
    return base64.b64decode(text, validate=True)


def hashes(question):
    path = [b64(item) for item in question["path"]]
    if any(len(item) != 32 for item in path):
        raise ValueError("a hash is not of 32 bytes")
    return path


def aics_checkpoint(note, question):
    result = a.verify_checkpoint(a.parse_note(note), a.parse_vkey(question["key"]), [], 0, expected_origin=question["origin"])
    return result if result.ok else None


def aics(question):
    kind = question["kind"]
    if kind == "checkpoint":
        return aics_checkpoint(b64(question["note"]).decode(), question) is not None
    if kind == "inclusion":
        return a.verify_inclusion(
            a.leaf_hash(b64(question["entry"])), question["index"], question["size"], hashes(question), b64(question["root"]))
    if kind == "consistency":
        return a.verify_consistency(
            question["old"], question["new"], b64(question["oldRoot"]), b64(question["newRoot"]), hashes(question))
    if kind == "tiles":
        reader, size, root = a.FileSystemTileReader(question["directory"]), question["size"], b64(question["root"])
        if a.tree_root_from_tiles(reader, size) != root:
            return False
        a.audit_tiles(reader, size, root, entries=True)
        return True
    # It has no reader of tlog-proof files: its parts are cut here, as the specification says.
    head, note = b64(question["file"]).decode().split("\n\n", 1)
    lines = head.split("\n")
    if lines.pop(0) != MAGIC:
        return False
    if lines[0].startswith("extra "):
        b64(lines.pop(0)[6:])
    word, index = lines.pop(0).split(" ")
    if word != "index" or str(int(index)) != index:
        return False
    result = aics_checkpoint(note, question)
    path = [b64(line) for line in lines]
    return result is not None and all(len(item) == 32 for item in path) and a.verify_inclusion(
        a.leaf_hash(b64(question["entry"])), int(index), result.size, path, result.root)


def proofbundle(question):
    kind = question["kind"]
    if kind == "checkpoint":
        result = checkpoint.verify_checkpoint(b64(question["note"]).decode(), question["key"])
        return bool(result["ok"]) and result["origin"] == question["origin"]
    if kind == "inclusion":
        return merkle.verify_inclusion(b64(question["entry"]), question["index"], question["size"], hashes(question), b64(question["root"]))
    if kind == "consistency":
        return merkle.verify_consistency(
            question["old"], question["new"], hashes(question), b64(question["oldRoot"]), b64(question["newRoot"]))
    if kind == "tiles":
        return None
    return bool(tlogproof.verify_tlog_proof(
        b64(question["file"]).decode(), b64(question["entry"]), question["key"], [], threshold=0, expected_origin=question["origin"])["ok"])


def verdict(program, question):
    try:
        answer = program(question)
    except Exception:  # whatever it doesn't read, it doesn't accept
        return "0"
    return "-" if answer is None else "1" if answer else "0"


for line in sys.stdin:
    question = json.loads(line)
    print(verdict(aics, question), verdict(proofbundle, question))
