"""Reverse image search that knows when it doesn't know. Pure: knows no database, no files and no network.

Three questions, each answered by a probability that was calibrated on the collection itself: same_work, kind, alike.
docs/confidence.md tells the method and the figures.
"""

from enfilade.confidence.agreement import Agreement, agree
from enfilade.confidence.calibration import CalibrationParameters
from enfilade.confidence.clues import Clues, find_clues
from enfilade.confidence.judging import Evidence, Judgement, judge
from enfilade.confidence.keypoints import Keypoints, find_keypoints, strongest_keypoints
from enfilade.confidence.verdict import Verdict

__all__ = [
    "Agreement",
    "CalibrationParameters",
    "Clues",
    "Evidence",
    "Judgement",
    "Keypoints",
    "Verdict",
    "agree",
    "find_clues",
    "find_keypoints",
    "judge",
    "strongest_keypoints",
]
