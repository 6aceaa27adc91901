"""The hands of the demo collection, in the order the catalogue lists them.

The order is a walk from room to room: each hand is kin to the next, and the last to the first.
"""

from ingest.studio.brief import Hand
from ingest.studio.hands.birds import LOCKE
from ingest.studio.hands.borders import HOLLIS
from ingest.studio.hands.circles import MARCHETTI, SOLE
from ingest.studio.hands.city import STAVROS
from ingest.studio.hands.cutouts import FERRAND
from ingest.studio.hands.dots import CALLOWAY
from ingest.studio.hands.engraving import ARDEN, QUILL
from ingest.studio.hands.facets import MARQUAND
from ingest.studio.hands.fields import DELACOURT, PELLERIN
from ingest.studio.hands.fronds import PRIMROSE
from ingest.studio.hands.gesture import BRANDT, OKAFOR
from ingest.studio.hands.icons import KALLIS
from ingest.studio.hands.ink import ASHGROVE, SHIMIZU
from ingest.studio.hands.loom import LINDQVIST
from ingest.studio.hands.marbling import BECKETT
from ingest.studio.hands.masks import ABARA
from ingest.studio.hands.nights import NORDAHL
from ingest.studio.hands.one_line import IVERSEN
from ingest.studio.hands.opart import KOVACS, TANABE
from ingest.studio.hands.seas import RUIZ
from ingest.studio.hands.squares import LISK, VANCE
from ingest.studio.hands.stained_glass import VITRAL
from ingest.studio.hands.tabletop import MORELL
from ingest.studio.hands.tiles import SALGADO
from ingest.studio.hands.waves import FUJIMORI

__all__ = ["HANDS"]

HANDS: tuple[Hand, ...] = (
    VANCE,
    LISK,
    SOLE,
    MARCHETTI,
    NORDAHL,
    RUIZ,
    FUJIMORI,
    ASHGROVE,
    SHIMIZU,
    PRIMROSE,
    HOLLIS,
    CALLOWAY,
    DELACOURT,
    PELLERIN,
    LINDQVIST,
    SALGADO,
    VITRAL,
    BECKETT,
    ARDEN,
    QUILL,
    KOVACS,
    TANABE,
    STAVROS,
    MORELL,
    KALLIS,
    ABARA,
    IVERSEN,
    LOCKE,
    OKAFOR,
    BRANDT,
    MARQUAND,
    FERRAND,
)
