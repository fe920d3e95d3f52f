"""Discord's own description of its HTTP API, as a judge of requests and responses."""

import copy
import json
import re
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FILE = Path(__file__).parents[5] / "shared/facts/discord-openapi.json"
RESPONSE, REQUEST = "urn:response", "urn:request"


class Judge:
    """Says what in an exchange is not as Discord describes it."""

    def __init__(self, spec):
        asked = copy.deepcopy(spec)
        # Discord accepts snowflakes as numbers too, and libraries send them so.
        asked["components"]["schemas"]["SnowflakeType"] = {
            "type": ["string", "integer"]
        }
        _accept_texts_as_bits(asked)
        resources = [
            (uri, Resource.from_contents(one, default_specification=DRAFT202012))
            for uri, one in ((RESPONSE, spec), (REQUEST, asked))
        ]
        self._registry = Registry().with_resources(resources)
        self._operations = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path, operations)
            for path, operations in sorted(spec["paths"].items(), key=_fixed_first)
        ]

    def complaints(self, exchange):
        """Return what is wrong with a recorded exchange."""
        found = self._operation(exchange.method, exchange.path)
        if found is None:
            return [f"{exchange.method} {exchange.path}: not described"]
        path, method, operation = found
        where = f"{method.upper()} {path}"
        pointer = f"#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
        said = []
        content = operation.get("requestBody", {}).get("content", {})
        if exchange.sent is not None and exchange.status < 400:
            kind = "application/json"
            if kind not in content:
                said.append(f"{where}: a body where none is described")
            else:
                ref = f"{REQUEST}{pointer}/requestBody/content/application~1json/schema"
                said += self._compare(ref, exchange.sent, f"{where} request")
        return said + self._response(exchange, operation, pointer, where)

    def misfits(self, schema, value):
        """Return what keeps a value from being one of a named schema."""
        ref = f"{RESPONSE}#/components/schemas/{schema}"
        return self._compare(ref, value, schema)

    def _response(self, exchange, operation, pointer, where):
        status = str(exchange.status)
        if exchange.status >= 400:
            ref = f"{RESPONSE}#/components/schemas/ErrorResponse"
            return self._compare(ref, exchange.returned, f"{where} {status}")
        if status not in operation["responses"]:
            return [f"{where}: status {status} is not described"]
        if "content" not in operation["responses"][status]:
            empty = exchange.returned is None
            return [] if empty else [f"{where}: a body with {status}"]
        inner = f"/responses/{status}/content/application~1json/schema"
        ref = f"{RESPONSE}{pointer}{inner}"
        return self._compare(ref, exchange.returned, f"{where} response")

    def _compare(self, ref, value, where):
        validator = Draft202012Validator(
            {"$ref": ref}, registry=self._registry, format_checker=FormatChecker()
        )
        errors = list(validator.iter_errors(json.loads(json.dumps(value))))
        if not errors:
            return []
        error = _meant(best_match(errors))
        place = "/".join(map(str, error.absolute_path)) or "the whole"
        return [f"{where}: at {place}: {error.message[:300]}"]

    def _operation(self, method, path):
        for pattern, template, operations in self._operations:
            if pattern.fullmatch(path) and method.lower() in operations:
                return template, method.lower(), operations[method.lower()]
        return None


def _accept_texts_as_bits(node):
    """Permissions are described as numbers and sent as strings by everybody."""
    if isinstance(node, list):
        for one in node:
            _accept_texts_as_bits(one)
    if isinstance(node, dict):
        for name, one in node.items():
            if name in ("allow", "deny", "permissions") and "type" in one:
                one["type"] = ["string", "integer", "null"]
            _accept_texts_as_bits(one)


def _meant(error):
    """Descend to the alternative that has the value's own ``type``."""
    while error.context:
        off = {one.schema_path[0] for one in error.context if one.validator == "const"}
        wrong = [one for one in error.context if one.schema_path[0] not in off]
        error = best_match(wrong or error.context)
    return error


def _fixed_first(item):
    path, _ = item
    return path.count("{"), path


@cache
def judge():
    """Return the judge, or skip where the description is not at hand."""
    if not FILE.exists():
        pytest.skip("Discord's OpenAPI description is not beside the project")
    return Judge(json.loads(FILE.read_text("utf-8")))
