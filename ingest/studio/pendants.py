"""Works that two kindred hands painted side by side: the doors between the rooms.

Without them every hand would be an island that no path leaves by a step that looks right.
"""

from PIL import Image

from ingest.studio.brief import Brief, Hand
from ingest.studio.hands import HANDS
from ingest.studio.palette import ink, palette
from ingest.studio.paper import lay

__all__ = ["PENDANTS", "kin", "side_by_side"]

# By a work's index in its hand: how much of the width the hand keeps for itself.
PENDANTS = {12: 0.68, 13: 0.5, 14: 0.32}
GAP = 7
MOUNT = palette("f1ece1")[0]

_NEXT = dict(zip(HANDS, HANDS[1:] + HANDS[:1], strict=True))


def kin(hand: Hand) -> Hand:
    """Give the hand whose room comes next."""
    return _NEXT[hand]


def side_by_side(hand: Hand, brief: Brief, share: float) -> Image.Image:
    """Hang a panel by the hand, share of the width, beside one by its kin of the same drift."""
    mount = Image.new("RGB", (brief.width, brief.height), ink(MOUNT))
    seam = round(share * brief.width)
    left = 0
    for painter, right in ((hand, seam), (kin(hand), brief.width + GAP)):
        panel = Brief(width=right - left - GAP, height=brief.height, drift=brief.drift, rng=brief.rng)
        mount.paste(lay(painter.paint(panel), painter.surface, panel.rng), (left, 0))
        left = right
    return mount
