"""Elementary functions in single precision, made so that a loop over many numbers takes eight at once.

A call of the library's logarithm takes as long as thirty additions, and cannot be shared out over the places of a
vector. These are additions, multiplications and one division, without a question, so the compiler can; and they give
the same bits on every machine, which the library does not promise. Relative errors stay below 2e-7, about the
precision of the tables that they serve (`sim.axes.Table`).
"""

from __future__ import annotations

import math

import numpy as np

from sim.streams import vectored

_BIAS, _SHIFT = np.uint32(127), np.uint32(23)
_ONE, _ROOT = np.uint32(127 << 23), np.uint32(0x3F3504F3)
"""Bits of one, and of the square root of one half."""
_WHOLE = np.uint32(0x4B000000)
"""Bits of 2**23, beyond which a single holds whole numbers alone, one bit for each."""

_F = np.float32
_BIASED, _ROUNDING = _F(2.0**23 + 127), _F(2.0**23 + 2.0**22)
"""What `_WHOLE` with the bits of an exponent is too large by, and what rounds a number that is added to it."""
_LN2_HIGH = _F(355 / 512)
"""ln 2 in 9 bits, so that whole multiples are exact; with `_LN2_LOW` it has twice the precision."""
_LN2_LOW, _LOG2_E = _F(math.log(2.0) - 355 / 512), _F(1.0 / math.log(2.0))
_SMALLEST, _LARGEST = _F(-87.0), _F(88.0)
"""Where exp is a normal number."""
_1, _2 = _F(1.0), _F(2.0)
_L3, _L5, _L7, _L9 = _F(1 / 3), _F(1 / 5), _F(1 / 7), _F(1 / 9)
_E2, _E3, _E4, _E5, _E6, _E7 = (_F(1 / math.factorial(n)) for n in range(2, 8))


@vectored
def logarithm(x):  # type: ignore[no-untyped-def]
    """The natural logarithm of a normal float32 x > 0: log m = 2 * atanh((m - 1) / (m + 1)), x = 2**k * m."""
    bits = np.float32(x).view(np.uint32)
    biased = np.uint32((bits + (_ONE - _ROOT)) >> _SHIFT)
    k = np.uint32(biased | _WHOLE).view(np.float32) - _BIASED
    m = np.uint32(bits + _ONE - (biased << _SHIFT)).view(np.float32)
    s = (m - _1) / (m + _1)
    z = s * s
    rest = z * ((_L3 + z * _L5) + (z * z) * (_L7 + z * _L9))
    return k * _LN2_HIGH + (_2 * s + (_2 * s * rest + k * _LN2_LOW))


@vectored
def exponential(x):  # type: ignore[no-untyped-def]
    """e**x, held between the smallest and the largest normal number."""
    held = min(max(np.float32(x), _SMALLEST), _LARGEST)
    shifted = held * _LOG2_E + _ROUNDING
    k = shifted - _ROUNDING
    r = (held - k * _LN2_HIGH) - k * _LN2_LOW
    z = r * r
    series = ((_1 + r) + z * (_E2 + r * _E3)) + (z * z) * ((_E4 + r * _E5) + z * (_E6 + r * _E7))
    return series * np.uint32((np.float32(shifted).view(np.uint32) + _BIAS) << _SHIFT).view(np.float32)


@vectored
def whole_vectors(count):  # type: ignore[no-untyped-def]
    """`count` rounded up to vectors of eight: a loop over these leaves nothing over to be done one by one."""
    return (count + 7) // 8 * 8


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
