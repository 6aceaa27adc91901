"""One look at an upload: its place in the space that was asked for, and what the collection says of it. No routes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy import Connection

from enfilade.confidence import CalibrationParameters, Judgement, find_keypoints, judge
from enfilade.confidence.keypoints import ASKED
from enfilade.descriptors import OpenEncoders
from enfilade.looks import Looking
from enfilade.queries.calibrations import load_calibration
from enfilade.queries.evidence import evidence_spaces, gather
from enfilade.queries.spaces import load_placer
from enfilade.spaces import Space

__all__ = ["Judged", "Judges"]

KEPT = 8
THREADS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Where an upload lies, (dimensions,), and what is said of it: nothing, where nothing was calibrated yet."""

    place: NDArray[np.float32]
    judgement: Judgement | None = None
    parameters: CalibrationParameters | None = None


class Judges:
    """The networks that look at uploads, each set of spaces opened when it is first asked for; the latest few."""

    def __init__(self, home: Path, encoders: OpenEncoders) -> None:
        self._home, self._encoders = home, encoders
        self._opened: dict[tuple[int, ...], Looking] = {}
        self._lock = Lock()
        self._keypoints = ThreadPoolExecutor(THREADS, thread_name_prefix="keypoints")
        cv2.setNumThreads(1)  # for the whole process: requests are what runs side by side

    def place(self, connection: Connection, space: Space, picture: Image.Image) -> NDArray[np.float32]:
        """Place an upright RGB picture in a space: (dimensions,). Raises BackboneError."""
        looking = self._open(connection, [space])
        place: NDArray[np.float32] = looking.place(space, looking.look([picture]))[0]
        return place

    def judge(self, connection: Connection, space: Space, picture: Image.Image) -> Judged:
        """Place a picture, and judge it by what was calibrated for the space. Raises BackboneError."""
        parameters = load_calibration(connection, space.id)
        if parameters is None:
            return Judged(self.place(connection, space, picture))
        keypoints = self._keypoints.submit(find_keypoints, picture, ASKED)  # while the network looks
        witnesses = evidence_spaces(connection)
        looking = self._open(connection, [space, *witnesses])
        look = looking.look([picture])
        evidence = gather(connection, looking, witnesses, look, keypoints.result())
        return Judged(looking.place(space, look)[0], judge(parameters, evidence), parameters)

    def _open(self, connection: Connection, spaces: list[Space]) -> Looking:
        by_id = {space.id: space for space in spaces}
        key = tuple(sorted(by_id))
        with self._lock:  # so that a network is compiled once, however many ask for it first
            looking = self._opened.pop(key, None)
            if looking is None:
                placed = [(space, load_placer(connection, space)) for space in by_id.values()]
                looking = Looking(placed, self._home, self._encoders)
            self._opened[key] = looking  # now the latest
            while len(self._opened) > KEPT:
                self._opened.pop(next(iter(self._opened)))
            return looking
