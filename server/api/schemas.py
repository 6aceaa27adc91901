"""The little of JSON Schema that requests are told in, and whether a value fits it. Knows no HTTP."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["LARGEST_ID", "Schema", "check", "fault_of", "from_text", "takes_file"]

Schema = Mapping[str, Any]
LARGEST_ID = 2**63 - 1
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)


def takes_file(schema: Schema) -> bool:
    """Tell whether a value may be a file, as a part of a form."""
    return schema.get("format") == "binary" or any(map(takes_file, schema.get("anyOf", ())))


def from_text(schema: Schema, written: str | Sequence[str]) -> Any:  # noqa: ANN401 — what JSON has
    """Read a value as an address or a form has it: numbers in decimal, a list as a name that repeats.

    Raises ValueError, saying what is wrong.
    """
    schema = _written(schema)
    if schema["type"] == "array":
        return check(schema, [from_text(schema["items"], one) for one in written])
    if schema["type"] != "integer":
        return check(schema, written)
    if not INTEGER.fullmatch(str(written)):
        raise ValueError(_wanted(schema, written))
    return check(schema, int(str(written)))


def check(schema: Schema, value: Any) -> Any:  # noqa: ANN401
    """Give the value back if it fits. Raises ValueError, saying what is wrong."""
    schema = _written(schema)
    fault = fault_of(schema, value)
    if fault:
        raise ValueError(fault)
    if schema["type"] == "array":
        return [check(schema["items"], one) for one in value]
    return int(value) if schema["type"] == "integer" else value  # JSON has 3.0 for 3 too


def fault_of(schema: Schema, value: Any) -> str | None:  # noqa: ANN401
    """Say what is wrong with a value, or nothing."""
    fits = {"integer": _fits_integer, "string": _fits_string, "array": _fits_array}[schema["type"]]
    return None if fits(schema, value) else _wanted(schema, value)


def _fits_integer(schema: Schema, value: object) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    whole |= isinstance(value, float) and math.isfinite(value) and value.is_integer()
    return whole and schema["minimum"] <= value <= schema["maximum"]


def _fits_string(schema: Schema, value: object) -> bool:
    if not isinstance(value, str) or not _encodes(value):
        return False
    if "enum" in schema:
        return value in schema["enum"]
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", math.inf):
        return False
    return "pattern" not in schema or re.fullmatch(schema["pattern"], value) is not None


def _fits_array(schema: Schema, value: object) -> bool:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return False
    enough = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", math.inf)
    return enough and all(fault_of(schema["items"], one) is None for one in value)


def _written(schema: Schema) -> Schema:
    """Of what may be a file or written out, take what is written."""
    return next((one for one in schema["anyOf"] if not takes_file(one)), schema) if "anyOf" in schema else schema


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON can spell
        return False
    return True


def _wanted(schema: Schema, value: object) -> str:
    shown = repr(value)
    return f"is {shown if len(shown) <= 60 else shown[:59] + '…'}; it must be {_describe(schema)}"  # noqa: PLR2004


def _describe(schema: Schema) -> str:
    if "enum" in schema:
        return " or ".join(schema["enum"])
    if schema["type"] == "integer":
        most = schema["maximum"]
        return f"a whole number from {schema['minimum']}" + ("" if most >= 2**31 - 1 else f" to {most}")
    if schema["type"] == "array":
        return f"a list of {schema.get('minItems', 0)} to {schema.get('maxItems', 'any number')} ids"
    return str(schema.get("title", f"a text of at most {schema.get('maxLength')} characters"))
