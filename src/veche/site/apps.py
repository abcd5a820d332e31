from collections.abc import Iterable

from django.apps import AppConfig

from veche.commons.places.terms import CityView


class SiteConfig(AppConfig):
    name = "veche.site"
    label = "site"

    def ready(self) -> None:
        """Tell the journal which facts there are, how they are told, and who listens to which."""
        from veche.commons.journal import services as journal
        from veche.site import wiring

        journal.know(*wiring.facts().values())
        journal.register_sentences(wiring.sentences())
        journal.register_cities(_cities)
        for one in wiring.subscriptions():
            journal.subscribe(one.fact, one.name, one.handler)


def _cities() -> Iterable[CityView]:
    from veche.commons.places import queries as places

    return places.cities()
