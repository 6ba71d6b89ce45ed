"""Text that a person reads, in the languages that StockHub ships."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Label:
    """A short text in English and Chinese. Plugins bring theirs; the core's own go through gettext."""

    en: str
    zh: str

    def text(self, language: str) -> str:
        """The text for a language tag such as `zh-hans` or `en-us`; English for any other language."""
        return self.zh if language.lower().startswith("zh") else self.en
