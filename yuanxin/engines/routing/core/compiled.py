"""One door to numba: with it functions are compiled and cached, without it they stay what they are.

numba looks only at a function's own file when it takes code from its cache, not at the functions that were compiled
into it. So the cache lies in a folder named after all their sources: a new version never runs old code.
"""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
ENGINE = Path(__file__).resolve().parents[1]
config: Any
njit: Any
try:
    from numba import config, njit
except ImportError:  # the slower path
    njit = None
else:
    if not config.CACHE_DIR:
        folders = (ENGINE / "core", ENGINE / "teams")
        sources = b"".join(path.read_bytes() for folder in folders for path in sorted(folder.glob("*.py")))
        name = blake2b(sources, digest_size=8).hexdigest()
        config.CACHE_DIR = str(Path(__file__).parent / "__pycache__" / f"compiled-{name}")
IS_COMPILED = njit is not None


def compiled(function: F) -> F:
    """Return the function as machine code that frees the interpreter's lock, or unchanged when numba is missing.

    Such a function makes no array: without the counting of references it runs twice as fast.
    """
    if njit is None:
        return function
    faster: F = njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    return faster


def compiled_with_arrays(function: F) -> F:
    """Return the same for a function that makes arrays of its own."""
    if njit is None:
        return function
    faster: F = njit(cache=True, nogil=True, error_model="numpy")(function)
    return faster
