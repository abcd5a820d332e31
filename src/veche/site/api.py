"""The API of the whole house: each room brings its router; the description is OpenAPI 3.1, its page local."""

from collections.abc import Iterator
from typing import Any

from django.utils.module_loading import import_string
from ninja import NinjaAPI, Swagger
from ninja.openapi.schema import OpenAPISchema

from veche.site import problems, wiring


class HouseAPI(NinjaAPI):
    """Describes beside each answer the problems with which any operation may refuse."""

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The description, with the problems of each operation."""
        schema = super().get_openapi_schema(**where)
        schema["components"]["schemas"]["Problem"] = problems.SCHEMA
        for path, operation in _operations(schema):
            operation["responses"] |= problems.refusals_of(path, operation)
        return schema

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Short names: the functions of all rooms have different ones."""
        return str(operation.view_func.__name__)


def _operations(schema: OpenAPISchema) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            yield path, operation


def _build() -> NinjaAPI:
    api = HouseAPI(
        title="Veche",
        version="1",
        description=(
            "Reports of citizens, offices that owe an answer, and the public journal. Reading needs no account. "
            "Writing needs the session of a signed-in person and, against forged calls, the value of the cookie "
            "`csrftoken` in the header `X-CSRFToken`. Refusals are problems (RFC 9457) in the language of the "
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
