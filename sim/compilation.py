"""Where compiled kernels are kept: one cache for each state of the source.

Numba's cache notices a change in the file of a function, not in the files that it calls. So the
cache lives in a folder named after a hash of all sources that are compiled: a change anywhere
compiles anew, and no stale kernel can run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path

_KEPT = 4


def source_hash() -> str:
    """Hash of every source file that holds kernels or the types they work on."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for package in ("sim", "agents", "scenarios"):
        for path in sorted((root / package).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_home() -> Path:
    """The user's cache folder, or a temporary one where that cannot be written."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sahel-conflict" / "kernels"
    try:
        base.mkdir(parents=True, exist_ok=True)
        writable = os.access(base, os.W_OK)
    except OSError:
        writable = False
    return base if writable else Path(tempfile.gettempdir()) / "sahel-conflict-kernels"


def use_cache() -> None:
    """Point Numba at the cache of this state of the source, unless `NUMBA_CACHE_DIR` says otherwise.

    Must run before Numba is imported; importing `sim` does it.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    home = cache_home()
    folder = home / source_hash()
    folder.mkdir(parents=True, exist_ok=True)
    folder.touch()
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    _forget_old(home)


def spare_linear_algebra() -> None:
    """Let Numba load without scipy.linalg, which takes it half a second and which no kernel needs.

    On loading, Numba asks once whether scipy's linear algebra is there, by importing it, and asks again
    whenever a kernel uses it. The first answer is put right afterwards, so nothing is lost.
    """
    if "scipy.linalg" in sys.modules or importlib.util.find_spec("scipy") is None:
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]  # importing it fails
    try:
        from numba.np import arraymath
    finally:
        del sys.modules["scipy.linalg"]
    arraymath._HAVE_BLAS = True


def is_cold() -> bool:
    """Whether nothing has been compiled for this state of the source yet."""
    folder = Path(os.environ.get("NUMBA_CACHE_DIR", ""))
    return not any(folder.rglob("*.nbi"))


def _forget_old(home: Path) -> None:
    """Remove all but the most recently used caches."""
    try:
        folders = sorted((p for p in home.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
        for stale in folders[_KEPT:]:
            shutil.rmtree(stale, ignore_errors=True)
    except OSError:
        return
