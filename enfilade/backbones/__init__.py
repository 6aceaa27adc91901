"""The networks that features come from: architecture, weights, preprocessing. Knows no inference engine."""

from enfilade.backbones.backbone import Backbone
from enfilade.backbones.finding import ARCHITECTURES, find_backbone, recall_backbone
from enfilade.backbones.lite import LITE0

__all__ = ["ARCHITECTURES", "LITE0", "Backbone", "find_backbone", "recall_backbone"]
