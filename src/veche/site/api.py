"""The API of the whole house: each room brings its router; the description is OpenAPI 3.1, its page local."""

from django.utils.module_loading import import_string
from ninja import NinjaAPI

from veche.site import problems, wiring


def _build() -> NinjaAPI:
    api = NinjaAPI(
        title="Veche",
        version="1",
        description="Reports of citizens, offices that owe an answer, and the public journal.",
        urls_namespace="api",
    )
    problems.equip(api)
    for module in wiring.modules():
        if module.api:
            api.add_router("", import_string(module.api), tags=[module.name])
    return api


api = _build()
