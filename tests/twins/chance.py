"""Chance with Python's own integers: the same draws as `sim.streams`, by the text of Salmon et al. (2011)."""

import math

M0, M1 = 0xD2511F53, 0xCD9E8D57
W0, W1 = 0x9E3779B9, 0xBB67AE85
WORD = 2**32
TAIL_SPAN = 300.0


def philox(counter, key):
    """Philox-4x32-10: four words for a counter of four words and a key of two."""
    r0, l0, r1, l1 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = divmod(M0 * r0, WORD)
        high1, low1 = divmod(M1 * r1, WORD)
        r0, l0, r1, l1 = high1 ^ l0 ^ k0, low1, high0 ^ l1 ^ k1, low0
        k0, k1 = (k0 + W0) % WORD, (k1 + W1) % WORD
    return r0, l0, r1, l1


class Chance:
    """The draws of one lane in one week."""

    def __init__(self, streams, lane):
        self.key = tuple(int(word) for word in streams.key[lane])
        self.week = int(streams.week)

    def words(self, stream, entity, index=0):
        return philox((self.week, int(stream), int(entity) % WORD, int(index) % WORD), self.key)

    def uniforms(self, stream, entity, index=0):
        """Four numbers strictly between 0 and 1."""
        return [(word + 0.5) / WORD for word in self.words(stream, entity, index)]

    def uniform(self, stream, entity, index=0):
        return self.uniforms(stream, entity, index)[0]

    def gumbel(self, stream, entity, gid):
        """Gumbel noise of an entity for a place: 12 bits of the draw that 8 places in a row share."""
        word = self.words(stream, entity, gid // 8)[gid % 8 // 2]
        half = word // 2**16 if gid % 2 else word % 2**16
        return -math.log(-math.log((half // 16 + 0.5) / 4096))


def rounded(mean, unit):
    """A whole number whose expectation is `mean`."""
    return math.floor(mean + unit)


def poisson(mean, unit):
    """The smallest n whose cumulative Poisson probability reaches `unit`; large means are only rounded."""
    if mean > 30.0:
        return rounded(mean, unit)
    for n in range(200):
        if unit <= math.fsum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(n + 1)):
            return n
    return 200


def heavy(tail, unit):
    """Pareto with density x**-tail, cut at `TAIL_SPAN` times its least value, scaled to mean 1."""
    a = tail - 1.0
    kept = 1.0 - TAIL_SPAN**-a
    mean = a * (1.0 - TAIL_SPAN ** (1.0 - a)) / (a - 1.0) / kept
    return (1.0 - unit * kept) ** (-1.0 / a) / mean


def sigma(x):
    return 1.0 / (1.0 + math.exp(-x))
