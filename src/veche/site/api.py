"""The API of the whole house: each room brings its router; the description is OpenAPI 3.1, its page local."""

from collections.abc import Iterator
from typing import Any

from django.utils.module_loading import import_string
from ninja import NinjaAPI, Swagger
from ninja.openapi.schema import OpenAPISchema

from veche.commons.once.terms import HEADER, LONGEST_KEY, REPLAYED
from veche.site import problems, wiring
from veche.site.once import SAFE

_KEY = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": (
        "A value of your own for this act, a UUID for example. Sent again with the same body it is answered as the "
        "first time and nothing is done twice; with another body it is refused."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
}


class HouseAPI(NinjaAPI):
    """Describes beside each answer the problems with which any operation may refuse."""

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The description, with the problems of each operation."""
        schema = super().get_openapi_schema(**where)
        schema["components"]["schemas"]["Problem"] = problems.SCHEMA
        for path, method, operation in _operations(schema):
            if method.upper() not in SAFE:
                operation.setdefault("parameters", []).append(_KEY)
            operation["responses"] |= problems.refusals_of(path, operation)
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Short names: the functions of all rooms have different ones."""
        return str(operation.view_func.__name__)


def _operations(schema: OpenAPISchema) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _build() -> NinjaAPI:
    api = HouseAPI(
        title="Veche",
        version="1",
        description=(
            "Reports of citizens, offices that owe an answer, and the public journal. Reading needs no account. "
            "Writing needs the session of a signed-in person and, against forged calls, the value of the cookie "
            "`csrftoken` in the header `X-CSRFToken`. Every write needs the header `Idempotency-Key` with a value of "
            "your own, new for every act: when no answer came, send the same again, and it is done once. The answer of "
            f"the first time is kept for 48 hours and marked `{REPLAYED}: true`; the same key with another body is "
            "refused with `once.other-body`. What was refused may be mended and sent with the same key. "
            "Refusals are problems (RFC 9457) in the language of the "
            "cookie `lang`, else of `Accept-Language`, else of the city."
        ),
        urls_namespace="api",
        docs=Swagger(settings={"validatorUrl": None}),
    )
    problems.equip(api)
    for module in wiring.modules():
        if module.api:
            api.add_router("", import_string(module.api), tags=[module.name])
    return api


api = _build()
