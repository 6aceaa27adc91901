"""The demo collection: works by invented hands, painted by seeded code, of which the truth is known.

Each hand drifts from its first year to its last, so works near in time look alike; a work's hand and drift
are written beside it, and what a search finds can be checked against them. Each hand shares a few works with
the next, so that the rooms are joined.
"""

from ingest.studio.catalogue import SEED, Work, catalogue
from ingest.studio.painting import paint, paint_collection

__all__ = ["SEED", "Work", "catalogue", "paint", "paint_collection"]
