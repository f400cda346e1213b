"""What becomes of large buffers, of which batches of rows are made, when they are free."""

import ctypes
import platform

_MMAP_THRESHOLD = -3
"""Its number in glibc's malloc.h."""

_LARGE = 1 << 20


def give_large_buffers_back() -> None:
    """Have the system get buffers of a megabyte and more back at once, as glibc does at first.

    By itself it keeps them from the first one on that was given back (mallopt(3), M_MMAP_THRESHOLD), and its
    heap, in which drivers let their buffers grow, creeps up with the batches. Without glibc nothing is done.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
