#!/usr/bin/env python3
"""Checks proofs of a Credence log without trusting, or asking, whoever runs it.

    credence_verify.py --key LOG_KEY [--key WITNESS_KEY]... [--witnesses N] FILE...
    credence_verify.py --key LOG_KEY --log https://…/api/v1/log [--old OLD_CHECKPOINT]

FILE is a proof (C2SP tlog-proof, with the proof of a record or of an act alone), a checkpoint or a promise. With --log the
newest checkpoint is fetched, its root computed from all of the log's tiles of hashes, and --old must be a beginning of it. With
--witnesses at least so many of the witnesses whose keys were given must have cosigned. Exit 0 when everything holds, 1 when
something does not, 2 when it could not be checked.

This file shares no code with the platform: hashes, trees, signatures and formats are written here from RFC 6962, RFC 8032 and
the C2SP texts (signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof). It needs Python 3.8 and nothing else.
"""

import argparse
import base64
import hashlib
import json
import sys
import urllib.request


class Wrong(Exception):
    """Something does not hold."""


# Ed25519 (RFC 8032, section 5.1): only checking, so nothing secret passes through here.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    w, u, v, s = f - e, h - g, h + g, f + e
    return w * u % P, v * s % P, u * v % P, w * s % P


def times(n, point):
    total = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            total = add(total, point)
        point = add(point, point)
        n >>= 1
    return total


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point(data):
    if len(data) != 32:
        raise Wrong("a point has 32 bytes")
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        raise Wrong("not a point")
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign):
        raise Wrong("not a point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public, message, signature):
    if len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    try:
        a, r = point(public), point(signature[:32])
    except Wrong:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    return same(times(s, BASE), add(r, times(int.from_bytes(digest, "little") % L, a)))


# Trees (RFC 6962, section 2.1).


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node(root(hashes[:k]), root(hashes[k:]))


def climb(index, size, path):
    """The pairs (the hash beside, whether it stands on the left) on the way up: from the definition, not from the bits."""
    if size == 1:
        if path:
            raise Wrong("the path is too long")
        return []
    if not path:
        raise Wrong("the path is too short")
    k = split(size)
    if index < k:
        return climb(index, k, path[:-1]) + [(path[-1], False)]
    return climb(index - k, size - k, path[:-1]) + [(path[-1], True)]


def included(hash_, index, size, path):
    if not 0 <= index < size:
        raise Wrong("the tree has no such leaf")
    for beside, on_the_left in climb(index, size, path):
        hash_ = node(beside, hash_) if on_the_left else node(hash_, beside)
    return hash_


# Notes, keys and checkpoints (C2SP).


def decoded(text, length=None):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong("not base64: " + text[:20])
    if base64.b64encode(data).decode() != text or (length is not None and len(data) != length):
        raise Wrong("not base64 of the right length: " + text[:20])
    return data


def number(text):
    if text != "0" and (not text.isascii() or not text.isdigit() or text[0] == "0"):
        raise Wrong("not a number: " + text[:20])
    return int(text)


class Key:
    def __init__(self, text):
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise Wrong("a key is name+id+base64")
        self.name, data = parts[0], decoded(parts[2], 33)
        self.kind, self.public = data[0], data[1:]
        if self.kind not in (1, 4):
            raise Wrong("not an Ed25519 key")
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        if self.id.hex() != parts[1]:
            raise Wrong("the id in the key is another key's")

    def fits(self, text, signature):
        if self.kind == 1:
            return signed(self.public, text.encode(), signature)
        seconds = int.from_bytes(signature[:8], "big")
        head = "cosignature/v1\ntime %d\n" % seconds
        return seconds > 0 and signed(self.public, (head + text).encode(), signature[8:])


def note(text, keys):
    """The text of a note and the keys that have signed it."""
    at = text.rfind("\n\n")
    if at < 0 or not text.endswith("\n"):
        raise Wrong("not a signed note")
    body, signers = text[: at + 1], []
    for line in text[at + 2 : -1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise Wrong("not a line of a signature: " + line[:40])
        data = decoded(parts[2])
        for key in keys:
            if key.name == parts[1] and key.id == data[:4]:
                if not key.fits(body, data[4:]):
                    raise Wrong("the signature of %s does not fit" % key.name)
                signers.append(key)
    return body, signers


class Checkpoint:
    def __init__(self, text, keys, witnesses):
        body, signers = note(text, keys)
        lines = body.split("\n")
        if len(lines) < 4:
            raise Wrong("not a checkpoint")
        self.origin, self.size, self.root = lines[0], number(lines[1]), decoded(lines[2], 32)
        if not any(key.kind == 1 and key.name == self.origin for key in signers):
            raise Wrong("the checkpoint is not signed by the key of %s that was given" % self.origin)
        self.witnesses = sorted({key.name for key in signers if key.kind == 4})
        if len(self.witnesses) < witnesses:
            raise Wrong("%d of the witnesses have cosigned, %d are asked for" % (len(self.witnesses), witnesses))

    def __str__(self):
        seen = ", cosigned by " + ", ".join(self.witnesses) if self.witnesses else ""
        return "%s at %d entries%s" % (self.origin, self.size, seen)


# Files.


def hexadecimal(text, length):
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise Wrong("not hexadecimal: " + text[:20])
    if len(data) != length or data.hex() != text:
        raise Wrong("not %d bytes in hexadecimal" % length)
    return data


def record_root(record):
    """From what is published of a record to the root of its act."""
    public = decoded(record["public"])
    digest = hashlib.sha256(public).digest()
    rest, salt = hexadecimal(record["rest"], 32), hexadecimal(record["salt"], 16)
    commitment = hashlib.sha256(b"\x01" + salt + digest + rest).digest()
    if commitment.hex() != record["commitment"]:
        raise Wrong("the commitment is of another content")
    chunk = record["chunk"]
    path = [hexadecimal(one, 32) for one in chunk["path"]]
    return included(leaf(commitment), chunk["index"], chunk["size"], path), json.loads(public)


def proof(text, keys, witnesses):
    head, found, rest = text.partition("\n\n")
    if not found:
        raise Wrong("not a proof file")
    lines = head.split("\n")
    if len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise Wrong("the file does not name the act and its place")
    extra, index = json.loads(decoded(lines[1][6:])), number(lines[2][6:])
    path = [decoded(line, 32) for line in lines[3:]]
    act_root, public = hexadecimal(extra["root"], 32), None
    if extra.get("record") is not None:
        if extra["record"]["act"] != extra["act"]:
            raise Wrong("the record is of another act")
        found_root, public = record_root(extra["record"])
        if found_root != act_root:
            raise Wrong("the record does not lead to the root of its act")
    entry = ('{"root":"%s","v":1}' % act_root.hex()).encode()
    checkpoint = Checkpoint(rest, keys, witnesses)
    if included(leaf(entry), index, checkpoint.size, path) != checkpoint.root:
        raise Wrong("the path does not lead to the root of the checkpoint")
    print("proved: act %s is entry %d of %s" % (extra["act"], index, checkpoint))
    if public is not None:
        print(json.dumps(public, ensure_ascii=False, indent=1, sort_keys=True))


def promise(text, keys):
    body, signers = note(text, keys)
    lines = body.split("\n")
    if len(lines) != 6 or not any(key.kind == 1 and key.name == lines[1] for key in signers):
        raise Wrong("not signed by the key of the log that was given")
    print("promised: %s of %s, %s" % (lines[2], lines[1], lines[4]))


def check(place, keys, witnesses):
    with open(place, encoding="utf-8", newline="") as file:
        text = file.read()
    if text.startswith("c2sp.org/tlog-proof@v1\n"):
        proof(text, keys, witnesses)
    elif text.startswith("credence.promise/v1\n"):
        promise(text, keys)
    else:
        print("signed: %s" % Checkpoint(text, keys, witnesses))


# The log as a whole.


def fetch(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


def name(index):
    groups = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        groups.insert(0, "x%03d" % (index % 1000))
    return "/".join(groups)


def leaves(log, size):
    """The hashes of all leaves, from the tiles of level 0."""
    for index in range((size + 255) // 256):
        width = min(256, size - 256 * index)
        tile = fetch("%s/tile/0/%s%s" % (log, name(index), "" if width == 256 else ".p/%d" % width))
        if len(tile) != 32 * width:
            raise Wrong("tile %d is cut" % index)
        for at in range(0, len(tile), 32):
            yield tile[at : at + 32]


class Growing:
    """A root that grows by leaves, keeping one hash for each perfect tree."""

    def __init__(self):
        self.trees, self.size = [], 0

    def push(self, hash_):
        height = 0
        while self.trees and self.trees[-1][0] == height:
            hash_, height = node(self.trees.pop()[1], hash_), height + 1
        self.trees.append((height, hash_))
        self.size += 1

    def root(self):
        if not self.trees:
            return hashlib.sha256(b"").digest()
        found = self.trees[-1][1]
        for _, hash_ in reversed(self.trees[:-1]):
            found = node(hash_, found)
        return found


def whole(log, old, keys, witnesses):
    log = log.rstrip("/")
    newest = Checkpoint(fetch(log + "/checkpoint").decode(), keys, witnesses)
    before = None
    if old:
        with open(old, encoding="utf-8", newline="") as file:
            before = Checkpoint(file.read(), keys, 0)
        if before.origin != newest.origin:
            raise Wrong("the old checkpoint is another log's")
        if before.size > newest.size:
            raise Wrong("the log has %d entries, it had %d: it was rolled back" % (newest.size, before.size))
    tree, begins = Growing(), before is None or before.size == 0
    for hash_ in leaves(log, newest.size):
        tree.push(hash_)
        if before and tree.size == before.size:
            begins = tree.root() == before.root
    if tree.root() != newest.root:
        raise Wrong("the tiles do not give the root of the checkpoint")
    if not begins:
        raise Wrong("the log does not begin with the old checkpoint: it was written anew")
    print("whole: %s%s" % (newest, ", begins with %d entries known before" % before.size if before else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--key", action="append", required=True, help="key of the log or of a witness (name+id+base64)")
    parser.add_argument("--witnesses", type=int, default=0, help="how many of the witnesses must have cosigned")
    parser.add_argument("--log", help="where the log is served")
    parser.add_argument("--old", help="an earlier checkpoint with which the log must begin")
    parser.add_argument("file", nargs="*")
    asked = parser.parse_args()
    if not asked.file and not asked.log:
        parser.error("nothing to check")
    failed = False
    try:
        keys = [Key(text) for text in asked.key]
        for place in asked.file:
            try:
                check(place, keys, asked.witnesses)
            except (Wrong, KeyError, TypeError, ValueError, RecursionError) as error:
                failed = True
                print("%s: does not hold: %s" % (place, error), file=sys.stderr)
        if asked.log:
            whole(asked.log, asked.old, keys, asked.witnesses)
    except Wrong as error:
        failed = True
        print("does not hold: %s" % error, file=sys.stderr)
    except OSError as error:
        print("could not be checked: %s" % error, file=sys.stderr)
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
