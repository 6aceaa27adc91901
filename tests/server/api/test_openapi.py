"""The description tells every route and nothing else, and answers are as it tells."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.api.nouns import NOUNS
from server.api.openapi import describe
from server.problems import PROBLEMS

PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")


def routed(app: Flask) -> set[tuple[str, str]]:
    return {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(PROGRAMS)
    }


def test_every_route_is_described_and_every_description_is_routed(app: Flask, client: FlaskClient) -> None:
    api = client.get("/openapi.json").get_json()
    described = {(path, method) for path, methods in api["paths"].items() for method in methods}
    assert described == routed(app)
    assert api["openapi"].startswith("3.1")


def test_every_reference_leads_somewhere_and_every_shape_is_used() -> None:
    api = describe(NOUNS)
    shapes = api["components"]["schemas"]
    pointed = {reference.rsplit("/", 1)[-1] for reference in references(api)}
    assert pointed == set(shapes)


def references(told: Any) -> list[str]:  # noqa: ANN401 — JSON
    if isinstance(told, dict):
        own = [told["$ref"]] if "$ref" in told else []
        return own + [found for value in told.values() for found in references(value)]
    return [found for value in told for found in references(value)] if isinstance(told, list | tuple) else []


def test_every_parameter_and_every_problem_is_described() -> None:
    for methods in describe(NOUNS)["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert all(parameter["description"] for parameter in operation["parameters"])
            assert {"500", "503"} <= operation["responses"].keys()
    used = {slug for noun in NOUNS for operation in noun.operations for slug in operation.problems}
    elsewhere = {"not-found", "method-not-allowed", "request-refused", "server-error", "database-away"}
    assert used | elsewhere == PROBLEMS.keys()


def test_every_link_names_an_operation_and_its_parameters() -> None:
    operations = {operation.name: operation for noun in NOUNS for operation in noun.operations}
    for operation in operations.values():
        for answer in operation.answers.values():
            for link in answer.links.values():
                taken = {parameter.name for parameter in operations[link.operation].parameters}
                assert link.parameters.keys() <= taken


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/images?limit=3", "/api/v1/images/1", "/api/v1/images/1/neighbours?limit=3",
        "/api/v1/paths?source=1&target=832", "/api/v1/spaces", "/api/v1/graphs", "/api/v1/statistics",
        "/healthz", "/readyz", "/api/v1/images/123456",
    ],
)  # fmt: skip
def test_an_answer_has_the_members_that_are_told(client: FlaskClient, path: str) -> None:
    api = client.get("/openapi.json").get_json()
    answer = client.get(path)
    route = path.partition("?")[0].replace("/123456", "/{id}").replace("/1", "/{id}")
    (content,) = api["paths"][route]["get"]["responses"][str(answer.status_code)]["content"].items()
    assert answer.mimetype == content[0]
    check(api, content[1]["schema"], answer.get_json())


def check(api: dict[str, Any], schema: dict[str, Any], value: Any) -> None:  # noqa: ANN401 — JSON
    if "$ref" in schema:
        schema = api["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if isinstance(value, list):
        for one in value:
            check(api, schema["items"], one)
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema["required"]) <= value.keys() <= schema["properties"].keys()
        for name, member in value.items():
            check(api, schema["properties"][name], member)


def test_the_docs_show_every_operation_and_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/docs").get_data(as_text=True)
    for noun in NOUNS:
        for operation in noun.operations:
            assert f'id="{operation.name}"' in page
    assert "https://" not in page
    assert "//cdn" not in page
