"""Strangers' files in, checked and upright sRGB pictures out, with their renditions and fingerprints."""

from enfilade.images.crops import CROP_FORM, CROP_PATTERN, Crop
from enfilade.images.decoding import Picture, decode
from enfilade.images.fingerprints import perceptual_hash, sha256
from enfilade.images.formats import FORMATS
from enfilade.images.limits import Limits
from enfilade.images.parts import LARGEST_SIDE, Brought, decode_part
from enfilade.images.reading import read_file
from enfilade.images.refusals import REASONS
from enfilade.images.renditions import Rendition, render
from enfilade.images.scaling import PREVIEW_SIDE, THUMBNAIL_SIDE, Fit
from enfilade.images.strips import STRIP_SUFFIXES, hang, save_strip

__all__ = [
    "CROP_FORM",
    "CROP_PATTERN",
    "FORMATS",
    "LARGEST_SIDE",
    "PREVIEW_SIDE",
    "REASONS",
    "STRIP_SUFFIXES",
    "THUMBNAIL_SIDE",
    "Brought",
    "Crop",
    "Fit",
    "Limits",
    "Picture",
    "Rendition",
    "decode",
    "decode_part",
    "hang",
    "perceptual_hash",
    "read_file",
    "render",
    "save_strip",
    "sha256",
]
