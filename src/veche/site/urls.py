"""Every address of the house. Rooms bring their own; the root wins over the cities."""

from django.urls import URLPattern, URLResolver, include, path

from veche.site import health, metrics, pages, wiring
from veche.site.api import api

_root = [path("", include(module.site_urls)) for module in wiring.modules() if module.site_urls]
_city = [path("", include(module.urls)) for module in wiring.modules() if module.urls]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/v1/", api.urls),
    *pages.urlpatterns,
    *_root,
    path("<slug:city>/", include([*pages.city_urlpatterns, *_city])),
]

handler400 = "veche.site.errors.bad_request"
handler403 = "veche.site.errors.denied"
handler404 = "veche.site.errors.not_found"
handler500 = "veche.site.errors.failure"
