"""volbias' random numbers: the SHA-256 of a stream's name (as JSON) seeds sfc32 (domain/random/random-stream.ts)."""

import hashlib
import json

MASK = 0xFFFFFFFF


def random_stream(*name):
    """Numbers in [0, 1)."""
    text = json.dumps(name, separators=(",", ":"), ensure_ascii=False)
    seed = hashlib.sha256(text.encode("utf-8")).digest()
    a, b, c, counter = (int.from_bytes(seed[i : i + 4], "big") for i in (0, 4, 8, 12))
    drawn = 0
    while True:
        value = (a + b + counter) & MASK
        counter = (counter + 1) & MASK
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & MASK
        c = ((c << 21 | c >> 11) + value) & MASK
        drawn += 1
        if drawn > 12:  # the first outputs still reflect the seed
            yield value / 2**32
