"""What a request gives to an operation, checked against its declaration. What is not declared is refused."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import current_app, request
from werkzeug.exceptions import BadRequest

from server.api.operations import Body, Form, Operation, Parameter
from server.api.schemas import Schema, check, from_text, takes_file
from server.errors import BadParametersError, UnreadableBodyError, UnsupportedMediaTypeError

__all__ = ["ATTRIBUTES", "read_given"]

JSON = "application/json"
ATTRIBUTES = "attributes"
Named = Iterable[tuple[str, Sequence[Any]]]


def read_given(operation: Operation, places: Mapping[str, str]) -> dict[str, Any]:
    """Read all that an operation is given: name -> value. What was not given is absent.

    places: what the path holds. `attributes.NAME` are gathered under `attributes`. Raises BadParametersError,
    UnreadableBodyError, UnsupportedMediaTypeError.
    """
    in_path = [one for one in operation.parameters if one.place == "path"]
    in_query = [one for one in operation.parameters if one.place == "query"]
    given = _read(in_path, [(name, [value]) for name, value in places.items()], from_text)
    given |= _read(in_query, request.args.lists(), from_text)
    if operation.body is not None:
        given |= _read_body(operation.body)
    return given


def _read_body(body: Body) -> dict[str, Any]:
    forms = body.forms.get(request.mimetype)
    if forms is None:
        raise UnsupportedMediaTypeError(f"Send {' or '.join(body.forms)}.")
    return _read_json(forms) if request.mimetype == JSON else _read_multipart(forms[0].members)


def _read_json(forms: Sequence[Form]) -> dict[str, Any]:
    try:
        body = request.get_json()
    except (BadRequest, RecursionError) as error:
        raise UnreadableBodyError("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise UnreadableBodyError("The body must be a JSON object.")
    form = next((form for form in forms if any(one.required and one.name in body for one in form.members)), forms[0])
    return _read(form.members, [(name, [value]) for name, value in body.items()], check)


def _read_multipart(members: Sequence[Parameter]) -> dict[str, Any]:
    if not request.mimetype_params.get("boundary"):
        raise UnreadableBodyError("The Content-Type names no boundary between the parts.")
    files = {one.name for one in members if takes_file(one.schema)}
    request.max_content_length = (current_app.config["MAX_CONTENT_LENGTH"] or 0) * max(1, len(files))
    sent, written = _named(request.files.lists()), _named(request.form.lists())
    only = {one.name for one in members if one.name in files and "anyOf" not in one.schema}
    faults = dict.fromkeys(only - sent.keys(), "must be a file: give the part a file name")
    faults |= dict.fromkeys(sent.keys() - files, "is no file here")
    faults |= {name: "was given more than once" for name, parts in sent.items() if len(parts) + (name in written) > 1}
    if faults:
        raise BadParametersError(faults)
    given = _read([one for one in members if one.name not in sent], written.items(), from_text)
    return given | {name: parts[0].read() for name, parts in sent.items()}


def _named(parts: Iterable[tuple[str | None, list[Any]]]) -> dict[str, list[Any]]:
    """Gather parts by name; Werkzeug calls a part None whose header has no name that can be read."""
    named: dict[str, list[Any]] = {}
    for name, several in parts:
        named.setdefault(name or "", []).extend(several)
    return named


def _read(declared: Sequence[Parameter], given: Named, read: Callable[[Schema, Any], Any]) -> dict[str, Any]:
    known = {one.name: one for one in declared}
    values: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    faults = {}
    for name, several in given:
        try:
            if name.startswith(f"{ATTRIBUTES}.") and ATTRIBUTES in known:
                schema = known[ATTRIBUTES].schema
                check(schema["propertyNames"], name)
                attributes[name.removeprefix(f"{ATTRIBUTES}.")] = read(schema["additionalProperties"], _only(several))
            elif name in known and name != ATTRIBUTES:
                # A list is a parameter that repeats, or in JSON a list.
                repeats = known[name].schema.get("type") == "array" and read is from_text
                values[name] = read(known[name].schema, several if repeats else _only(several))
            else:
                faults[name] = f"is unknown here; known are {', '.join(known) or 'none'}"
        except ValueError as error:
            faults[name] = str(error)
    faults |= {name: "is missing" for name, one in known.items() if one.required and name not in values | faults}
    if faults:
        raise BadParametersError(faults)
    return values | ({ATTRIBUTES: attributes} if attributes else {})


def _only(several: Sequence[Any]) -> Any:  # noqa: ANN401 — text, or what JSON has
    if len(several) != 1:
        raise ValueError("was given more than once")
    return several[0]
