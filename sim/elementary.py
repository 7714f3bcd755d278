"""Elementary functions, made so that a loop over many numbers takes four at once.

A call of the library's logarithm takes as long as thirty additions, and cannot be shared out over the places of a
vector. These are additions, multiplications and one division, without a question, so the compiler can; and they give
the same bits on every machine, which the library does not promise. Relative errors stay below 1e-14.
"""

from __future__ import annotations

import math

import numpy as np

from sim.streams import vectored

_BIAS = 1023
_SHIFT, _ONE = np.uint64(52), np.uint64(_BIAS << 52)
_ROOT = np.uint64(0x3FE6A09E667F3BCD)
"""Bits of the square root of one half: numbers are taken apart so that what is left lies around 1."""
_WHOLE = np.uint64(0x4330000000000000)
"""Bits of 2**52: a number below 2**52 put into its last bits is added to it."""
_TWO_52 = 2.0**52

_LN2_HIGH = float(np.float32(math.log(2.0)))
"""ln 2 in 24 bits, so that whole multiples are exact; with `_LN2_LOW` it has twice the precision."""
_LN2_LOW = -1.904654299957768e-09
_LOG2_E = 1.0 / math.log(2.0)
_SMALLEST, _LARGEST = -708.0, 709.0
"""Where exp is a normal number."""


@vectored
def logarithm(x):  # type: ignore[no-untyped-def]
    """The natural logarithm of a normal float64 x > 0.

    x = 2**k * m with m around 1, and log m = 2 * atanh(s) with s = (m - 1) / (m + 1), by its power series.
    """
    bits = np.float64(x).view(np.uint64)
    biased = (bits + (_ONE - _ROOT)) >> _SHIFT
    k = np.uint64(biased | _WHOLE).view(np.float64) - (_TWO_52 + _BIAS)
    m = np.uint64(bits + _ONE - (biased << _SHIFT)).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    y = z * z
    a, b = 1 / 3 + z * (1 / 5), 1 / 7 + z * (1 / 9)
    c, d = 1 / 11 + z * (1 / 13), 1 / 15 + z * (1 / 17)
    rest = z * ((a + y * b) + y * y * (c + y * d))
    return k * _LN2_HIGH + (2.0 * s + (2.0 * s * rest + k * _LN2_LOW))


@vectored
def exponential(x):  # type: ignore[no-untyped-def]
    """e**x, held between the smallest and the largest normal number.

    x = k * ln 2 + r, and e**r by its power series.
    """
    held = min(max(x, _SMALLEST), _LARGEST)
    shifted = held * _LOG2_E + (_TWO_52 + 2.0**51)
    k = shifted - (_TWO_52 + 2.0**51)
    r = (held - k * _LN2_HIGH) - k * _LN2_LOW
    z = r * r
    y = z * z
    a, b = 1.0 + r, 1 / 2 + r * (1 / 6)
    c, d = 1 / 24 + r * (1 / 120), 1 / 720 + r * (1 / 5040)
    e, f = 1 / 40320 + r * (1 / 362880), 1 / 3628800 + r * (1 / 39916800)
    series = ((a + z * b) + y * (c + z * d)) + (y * y) * (e + z * f)
    scale = np.uint64((np.float64(shifted).view(np.uint64) + np.uint64(_BIAS)) << _SHIFT).view(np.float64)
    return series * scale


@vectored
def whole_vectors(count):  # type: ignore[no-untyped-def]
    """`count` rounded up to vectors of four: a loop over these leaves nothing over to be done one by one."""
    return (count + 3) // 4 * 4


@vectored
def log_all(row):  # type: ignore[no-untyped-def]
    """row[i] = log(row[i]) for normal numbers above 0."""
    for i in range(row.shape[0]):
        row[i] = logarithm(row[i])


@vectored
def exp_all(row):  # type: ignore[no-untyped-def]
    """row[i] = exp(row[i])."""
    for i in range(row.shape[0]):
        row[i] = exponential(row[i])
