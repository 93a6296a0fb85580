"""Keeps small answers in memory, the ones asked for last, for as long as the dataset is the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from kg.store.engine import Answer

_OVERHEAD = 500  # bytes that an entry takes beside its answer and key
_PART = 64  # an answer that takes more than this part of the room is not kept


class Cache:
    """Holds answers of one dataset by what was asked, up to `room` bytes; safe to use from several threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._digest = ""
        self.size = self.hits = self.misses = 0

    def get(self, digest: str, key: Hashable) -> Answer | None:
        """Return the answer that was kept, or None."""
        with self._lock:
            found = self._kept.get(key) if digest == self._digest else None
            if found is None:
                self.misses += 1
                return None
            self._kept.move_to_end(key)
            self.hits += 1
            return found[0]

    def put(self, digest: str, key: Hashable, answer: Answer, asked: int) -> None:
        """Keep a small answer to a question of `asked` bytes; everything from another dataset goes."""
        size = len(answer.data) + asked + _OVERHEAD
        if answer.path is not None or size * _PART > self._room:
            return
        with self._lock:
            if digest != self._digest:
                self._kept.clear()
                self._digest, self.size = digest, 0
            self.size += size - self._kept.pop(key, (answer, 0))[1]
            self._kept[key] = answer, size
            while self.size > self._room:
                self.size -= self._kept.popitem(last=False)[1][1]
