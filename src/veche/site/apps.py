from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "veche.site"
    label = "site"

    def ready(self) -> None:
        """Tell the journal which facts there are, how they are told, and who listens to which."""
        from veche.commons.journal import services as journal
        from veche.commons.places import queries as places
        from veche.site import wiring

        journal.know(*wiring.facts().values())
        journal.register_sentences(wiring.sentences())
        journal.register_cities(places.cities)
        for one in wiring.subscriptions():
            journal.subscribe(one.fact, one.name, one.handler)
