"""Why a file is not taken: stable codes for machines, sentences for people. Knows no pictures."""

from types import MappingProxyType

from enfilade.errors import RefusedImageError

__all__ = ["REASONS", "refusal"]

REASONS = MappingProxyType(
    {
        "empty_file": "The file is empty.",
        "too_many_bytes": "The file is larger than this server takes.",
        "not_an_image": "The file is not a picture.",
        "unsupported_format": "The file is of a kind this server does not take.",
        "truncated": "The file ends too early: a download or a copy of it was probably cut short.",
        "corrupt": "The file is damaged, or a rare variant of its format, and can't be read.",
        "too_small": "The picture has too few pixels on its shorter side to be compared with others.",
        "too_many_pixels": "The picture has more pixels than this server takes.",
        "too_many_scans": "The JPEG is stored in more passes than any camera or program writes.",
        "too_much_memory": "Reading the picture needs more memory than there is for one file.",
        "too_much_time": "Reading the picture takes longer than this server gives one file.",
        "broke_decoder": "The file broke the program that reads pictures.",
    },
)


def refusal(reason: str, detail: str | None = None) -> RefusedImageError:
    """Make the error to raise: the reason's own sentence, unless there is something more exact to say."""
    return RefusedImageError(reason, detail or REASONS[reason])
