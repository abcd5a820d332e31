from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "veche.commons.casework"
    label = "casework"

    def ready(self) -> None:
        """Tell the journal what the codes in our facts are called."""
        from veche.commons.casework.terms import KIND_WORDS, ROLE_WORDS, STAGE_WORDS
        from veche.commons.journal import services as journal

        journal.register_words("kind", KIND_WORDS)
        journal.register_words("stage", STAGE_WORDS)
        journal.register_words("role", ROLE_WORDS)
