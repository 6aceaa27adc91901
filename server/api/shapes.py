"""What answers hold: the schema of each record (JSON Schema 2020-12, as OpenAPI 3.1 has it)."""

from collections.abc import Mapping
from typing import Any, Final

from enfilade.queries.graphs import KINDS
from enfilade.queries.paths import MODES
from enfilade.queries.steps import UPLOAD
from server.api.parameters import ID_SCHEMA

__all__ = ["SHAPES", "listing", "ref"]

Shape = Mapping[str, Any]
_TEXT: Final[Shape] = {"type": "string"}
_MAYBE_TEXT: Final[Shape] = {"type": ["string", "null"]}
_MAYBE_ID: Final[Shape] = {**ID_SCHEMA, "type": ["integer", "null"]}
_SHARE: Final[Shape] = {"type": "number", "minimum": 0, "maximum": 1}
_MAYBE_SHARE: Final[Shape] = {**_SHARE, "type": ["number", "null"]}
_MAYBE_INTEGER: Final[Shape] = {"type": ["integer", "null"]}
_COUNT: Final[Shape] = {"type": "integer", "minimum": 0}
_TIME: Final[Shape] = {"type": "string", "format": "date-time"}
_MAYBE_TIME: Final[Shape] = {"type": ["string", "null"], "format": "date-time"}
_RADIANS: Final[Shape] = {"type": "number", "minimum": 0, "description": "An angle in radians."}
_ANYTHING: Final[Shape] = {"type": "object", "additionalProperties": True}


def ref(name: str) -> Shape:
    """Point to a shape by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def listing(name: str) -> Shape:
    """Describe a list of shapes."""
    return {"type": "array", "items": ref(name)}


def _record(description: str, optional: tuple[str, ...] = (), **members: Shape) -> Shape:
    return {
        "type": "object",
        "description": description,
        "properties": members,
        "required": [name for name in members if name not in optional],
    }


SHAPES: Final[Mapping[str, Shape]] = {
    "Image": _record(
        "One picture of the collection.",
        id=ID_SCHEMA,
        title=_MAYBE_TEXT,
        artist=_MAYBE_TEXT,
        year={"type": "string", "description": 'As people write it: "1896", "1768–1770", or nothing.'},
        year_from={**_MAYBE_INTEGER, "description": "The first year it may have been made in."},
        year_to={**_MAYBE_INTEGER, "description": "The last year it may have been made in."},
        style=_MAYBE_TEXT,
        genre=_MAYBE_TEXT,
        licence=_MAYBE_TEXT,
        width={"type": "integer", "minimum": 1, "description": "Pixels of the upright original."},
        height={"type": "integer", "minimum": 1, "description": "Pixels of the upright original."},
        attributes={**_ANYTHING, "description": "Every other column of its manifest."},
        ingested_at=_TIME,
        links=ref("ImageLinks"),
    ),
    "ImageLinks": _record(
        "Where to go on from an image.",
        self=_TEXT,
        page={"type": "string", "description": "Its page, for people."},
        thumbnail={"type": "string", "description": "A JPEG of at most 480 pixels a side."},
        preview={"type": "string", "description": "A JPEG of at most 1200 pixels a side."},
        neighbours=_TEXT,
    ),
    "ImagePage": _record(
        "Some images in their order.",
        items=listing("Image"),
        next={"type": ["string", "null"], "description": "The cursor of the next page; null on the last."},
        total={**_COUNT, "description": "How many images fit the filters, on all pages."},
    ),
    "Hit": _record(
        "An image that was found.",
        image=ref("Image"),
        distance=_RADIANS,
        duplicates={"type": "array", "items": ID_SCHEMA, "description": "The other images that show the same work."},
        confidence={
            **_MAYBE_SHARE,
            "description": "Of a search by a picture: how probable it is that the two are alike, that is, share a "
            "style, or where styles are not known a genre; null where that can't be told or the image bears none.",
        },
        alike={
            "type": "object",
            "additionalProperties": _SHARE,
            "description": "The same for each label, style or genre, that the collection can tell and the image bears.",
        },
        same_work={
            **_MAYBE_SHARE,
            "description": "How probable it is that this image shows the very work that was sent; null where that was "
            "not checked, as for all but the nearest.",
        },
    ),
    "Match": _record(
        "Whether the very work that was sent is in the collection.",
        verdict={"type": "string", "enum": ["match", "unsure", "none"]},
        confidence={**_SHARE, "description": "The probability that it is."},
        kind={**_SHARE, "description": "The probability that what was sent is the kind of thing the collection holds."},
        image_id={
            "type": ["integer", "null"],
            "description": "The image that shows it, or may; null where none does. It comes first, unless filters keep "
            "it out.",
        },
        sentence={"type": "string", "description": "The same, as a person would say it."},
    ),
    "DuplicateGroup": _record(
        "Images that show the same work.",
        images=listing("Image"),
        probability={
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": 1,
            "description": "That they do, of the pair that is least sure; null where people alone said so.",
        },
        decided={"type": "boolean", "description": "Whether a person said so of any two of them."},
    ),
    "DuplicateGroups": _record(
        "Images that show the same work, by group.",
        items=listing("DuplicateGroup"),
        total={**_COUNT, "description": "How many groups there are."},
    ),
    "Found": _record(
        "What a search found, nearest first.",
        items=listing("Hit"),
        space={"type": "string", "description": "The space it was found in."},
        match={
            "anyOf": [ref("Match"), {"type": "null"}],
            "description": "Of a search by a picture: whether it is here. Null for others, and while the collection "
            "is too small to tell.",
        },
    ),
    "Step": _record(
        "One step of a path, and what can be said for it.",
        source={**_MAYBE_ID, "description": "An image; null for a picture that was uploaded."},
        target={**_MAYBE_ID, "description": "An image; null for a picture that was uploaded."},
        distance=_RADIANS,
        kind={
            "type": "string",
            "enum": [*KINDS, UPLOAD],
            "description": "knn: neighbours one way; mutual: both ways; bridge: joins what would lie apart; upload: "
            "joins a picture that was uploaded to one of those nearest to it.",
        },
        percentile={
            "type": "number",
            "minimum": 0,
            "maximum": 100,
            "description": "How many of a hundred edges of the graph are shorter.",
        },
        source_rank={**_MAYBE_INTEGER, "description": "The target is the source's n-th neighbour; null beyond k."},
        target_rank={**_MAYBE_INTEGER, "description": "The source is the target's n-th neighbour; null beyond k."},
        spaces={
            "type": "array",
            "items": _TEXT,
            "description": "The other published spaces in which the two are neighbours too.",
        },
    ),
    "Path": _record(
        "Images in the order of walking.",
        images=listing("Image"),
        steps={
            **listing("Step"),
            "description": "One fewer than images; one more for each end that was uploaded, which is not among them.",
        },
        length={**_RADIANS, "description": "The sum of the steps, in radians."},
        worst_step={**_RADIANS, "description": "The largest step, in radians."},
        variation={
            "type": "number",
            "minimum": 0,
            "description": "The steps' coefficient of variation: 0 where all are alike.",
        },
    ),
    "Paths": _record(
        "The paths between two pictures, the best first.",
        paths=listing("Path"),
        mode={"type": "string", "enum": list(MODES)},
        graph={**ID_SCHEMA, "description": "The graph they go over; named in `graph`, the answer stays the same."},
        space=_TEXT,
        links=ref("PathLinks"),
    ),
    "PathLinks": _record(
        "Where the same paths are found again, while this graph is kept; null where an end was uploaded.",
        permalink={**_MAYBE_TEXT, "description": "This answer."},
        page={**_MAYBE_TEXT, "description": "The page that shows it, for people."},
    ),
    "Space": _record(
        "A published space: one meaning of likeness.",
        id=ID_SCHEMA,
        name=_TEXT,
        version={"type": "integer", "minimum": 1},
        is_default={"type": "boolean"},
        dimensions={"type": "integer", "minimum": 1},
        fitted_on={**_COUNT, "description": "How many images it was fitted on."},
        recipe={**_ANYTHING, "description": "All that is needed to place a picture in it again."},
        evaluation=_ANYTHING,
        graph={**_MAYBE_INTEGER, "description": "The id of its published graph."},
        created_at=_TIME,
    ),
    "Spaces": _record("Every published space, the default one first.", items=listing("Space")),
    "Graph": _record(
        "One build of a space's similarity graph.",
        id=ID_SCHEMA,
        space=_TEXT,
        status={
            "type": "string",
            "enum": ["published", "retired", "dropped"],
            "description": "Paths can go over what is published or retired.",
        },
        k={"type": "integer", "minimum": 0, "description": "Nearest neighbours asked for."},
        images=_COUNT,
        edges=_COUNT,
        components_before={**_COUNT, "description": "Connected components before bridges joined them into one."},
        recall={"type": "number", "minimum": 0, "maximum": 1, "description": "Share of true neighbours found."},
        statistics=_ANYTHING,
        published_at=_MAYBE_TIME,
        retired_at=_MAYBE_TIME,
    ),
    "Graphs": _record("The latest graphs, newest first.", items=listing("Graph")),
    "Run": _record(
        "One ingest.",
        id=ID_SCHEMA,
        started_at=_TIME,
        finished_at={**_MAYBE_TIME, "description": "Null while it runs, or if it was killed."},
        counts={"type": "object", "additionalProperties": _COUNT},
        rates={"type": "object", "additionalProperties": {"type": "number"}},
    ),
    "Statistics": _record(
        "How much there is, and what was done.",
        images={**_COUNT, "description": "Images that are shown."},
        removed=_COUNT,
        occurrences={**_COUNT, "description": "Files the images were found in; duplicates count."},
        rendition_bytes=_COUNT,
        rejections={
            "type": "object",
            "additionalProperties": _COUNT,
            "description": "Files that were not taken, by reason.",
        },
        runs={**listing("Run"), "description": "The latest ingests, newest first."},
    ),
    "Health": _record("The process answers.", status={"type": "string", "enum": ["alive"]}),
    "Check": _record("One thing that was looked at.", name=_TEXT, ready={"type": "boolean"}, detail=_TEXT),
    "Readiness": _record(
        "Whether searches, walks and uploads will be answered.",
        ready={"type": "boolean"},
        empty={"type": "boolean", "description": "Whether the collection has no images yet."},
        checks=listing("Check"),
    ),
    "Problem": {
        **_record(
            "What went wrong (RFC 9457).",
            optional=("errors", "reason", "checks", "least", "most", "relaxation", "links"),
            type={"type": "string", "format": "uri-reference", "description": "Stable; its page says what it means."},
            title=_TEXT,
            status={"type": "integer", "minimum": 400, "maximum": 599},
            detail=_TEXT,
            instance={"type": "string", "format": "uri-reference", "description": "This very request, as logged."},
            errors={"type": "array", "items": ref("ParameterFault")},
            reason={"type": "string", "description": "Why a file was refused or not fetched: a stable code."},
            checks=listing("Check"),
            least={**_COUNT, "description": "How many images between two there must be."},
            most={**_COUNT, "description": "How many images between two there may be."},
            relaxation={
                "type": "array",
                "items": ID_SCHEMA,
                "description": "The fewest images outside the filter that a path needs, in the order of walking.",
            },
            links={**_ANYTHING, "description": "`current`: the same question about what is published now."},
        ),
    },
    "ParameterFault": _record("A parameter that makes no sense.", parameter=_TEXT, detail=_TEXT),
}
