"""English and Chinese from the first string: nothing untranslated, the compiled catalogue current, one term a thing."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field
from django.utils import translation

from stockhub.alerts.formula_names import FORMULAS
from stockhub.alerts.life.states import AlertState
from stockhub.alerts.models import AlertStatus
from stockhub.alerts.rules import BUILT_IN
from stockhub.pluginapi import COLUMNS
from stockhub.purchasing.models import PurchaseOrderStatus
from stockhub.values import Explanation
from tests.cockpit.catalogue import LOCALE, entries

#: Texts that are the same in both languages.
ALIKE = {
    "RMSE", "RMSSE", "MAPE", "sMAPE",
    "SKU", "SKUs", "SHA-256", "%(name)s %(amount)s", "%(name)s: %(amount)s", "%(subject)s · %(kind)s", "%(what)s: %(amount)s",
    "%(kind)s, %(cause)s: %(count)d", "%(kind)s: %(count)d", "%(scope)s: %(target)s", "%(reason)s (%(who)s)",
    "%(who)s (%(account)s): %(units)d", "%(listing)s → %(qty)d × %(sku)s (%(score)d %%, %(reason)s)",
    "opened, joined, left, acknowledged, started, assigned, snoozed, escalated, resolved, reopened", "%(sku)s: %(units)d",
    "opened, raised, lowered, acknowledged, started, snoozed, woken, assigned, escalated, resolved, expired, false_alarm",
    "sku, asin, msku, product_id, sku_id, …", "%(side)s: %(count)s", "%(sku)s in %(pool)s", "%(what)s = %(formula)s (%(parts)s)",
    "%(what)s, %(subject)s", "%(title)s:", "%(name)s (%(rule)s)", "%(kind)s: %(count)s",
}  # fmt: skip
#: Terms that were agreed before a line was written.
GIVEN = {
    "on hand": "在库", "reserved": "预占", "available": "可售", "inbound": "在途", "safety stock": "安全库存",
    "reorder point": "再订货点", "days of cover": "可售天数", "stock age": "库龄", "dead stock": "呆滞", "transfer": "调拨",
    "stock-out": "断货", "clearance": "清仓",
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_nothing_is_untranslated_or_fuzzy() -> None:
    bad = [entry.source for entry in entries() if not entry.translation or entry.is_fuzzy]
    assert bad == []
    assert len(entries()) > 800


def test_placeholders_survive_translation() -> None:
    pattern = re.compile(r"%\(\w+\)[0-9.]*[sdf]")
    bad = [e.source for e in entries() if set(pattern.findall(e.source)) != set(pattern.findall(e.translation))]
    assert bad == []


def test_translations_are_chinese_unless_known_to_be_alike() -> None:
    bad = [e.source for e in entries() if not CHINESE.search(e.translation) and e.source not in ALIKE]
    assert bad == []


def test_what_is_open_is_to_be_dealt_with_and_an_open_order_is_not_yet_complete() -> None:
    with translation.override("zh-hans"):
        assert str(AlertStatus.OPEN.label) == str(AlertState.OPEN.label) == "待处理"
        assert str(PurchaseOrderStatus.OPEN.label) == "未完结"


def test_the_compiled_catalogue_equals_its_source() -> None:
    with (LOCALE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled._catalog is not None  # type: ignore[attr-defined]
    known = {key[0] if isinstance(key, tuple) else key: text for key, text in compiled._catalog.items() if key}  # type: ignore[attr-defined]
    assert known == {entry.key: entry.translation for entry in entries()}


def test_every_model_and_field_has_a_chinese_name() -> None:
    untranslated = []
    with translation.override("zh-hans"):
        for model in (m for m in apps.get_models() if m.__module__.startswith("stockhub.")):
            names = {model._meta.label: model._meta.verbose_name, f"{model._meta.label}s": model._meta.verbose_name_plural}
            names |= {
                f"{model._meta.label}.{f.name}": f.verbose_name for f in model._meta.get_fields() if isinstance(f, Field) and _is_ours(f)
            }
            untranslated += [where for where, name in names.items() if not CHINESE.search(str(name)) and str(name) not in ALIKE]
    assert untranslated == []


def _is_ours(field: Field) -> bool:  # type: ignore[type-arg]
    """Keys made by Django have Django's names; they stand on no page."""
    return not field.auto_created and not field.primary_key


def test_every_area_of_the_admin_has_a_name_in_both_languages() -> None:
    areas = [config for config in apps.get_app_configs() if config.name.startswith("stockhub.") and list(config.get_models())]
    with translation.override("en"):
        assert [
            c.label
            for c in areas
            if str(c.verbose_name) == c.label.capitalize() and c.label not in {"catalog", "cycles", "purchasing", "suppliers", "demand"}
        ] == []
    with translation.override("zh-hans"):
        assert [c.label for c in areas if not CHINESE.search(str(c.verbose_name))] == []


def test_every_traced_formula_has_a_name() -> None:
    """What the core's rules record; `explained` gives a result the name of its formula."""
    traced = set()
    for rule in BUILT_IN:
        for tree in rule.explain({name: Explanation.input(name) for name in COLUMNS}).values():
            traced |= {node.name for node in tree.walk() if node.args and node.name}
    assert {"shortage_index", "latest_order_day", "order_quantity"} < traced
    assert traced - set(FORMULAS) == set()


def test_the_glossary_s_terms_are_used() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "glossary.md").read_text()
    terms = dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|", page, re.MULTILINE))
    assert GIVEN.items() <= terms.items()
    translated = {entry.source.lower(): entry.translation for entry in entries()}
    differing = {term: (chinese, translated[term]) for term, chinese in terms.items() if term in translated and translated[term] != chinese}
    assert differing == {}
    wrong = [(e.source, e.translation) for e in entries() if "stock-out" in e.source.lower() and "断货" not in e.translation]
    assert wrong == []


def test_the_looks_own_words_are_all_in_our_catalogue() -> None:
    import unfold
    from django.utils.translation.template import templatize

    root = Path(unfold.__file__).parent / "templates"
    pages = [
        p for p in root.rglob("*.html") if not {"import_export", "guardian", "simple_history"} & set(p.parts) and "wysiwyg" not in str(p)
    ]
    words = {text for page in pages for text in re.findall(r"gettext\(u?'((?:[^'\\]|\\.)*)'\)", templatize(page.read_text()))}
    assert len(words) > 60
    with translation.override("zh-hans"):
        # Checked against plain words: what a format string becomes depends on its numbers.
        same = [word for word in words if translation.gettext(word) == word and word.strip() and "%" not in word]
    assert same == []


@pytest.mark.parametrize("page", ["login"])
@pytest.mark.django_db
def test_somebody_who_has_not_signed_in_reads_his_browser_s_language(page: str, client: object) -> None:
    from django.test import Client
    from django.urls import reverse

    answer = Client(headers={"accept-language": "zh-CN,zh;q=0.9"}).get(reverse(f"admin:{page}"))
    assert "用户名" in answer.content.decode()
