"""What is sold and where it lies: SKUs, bundles, categories, stages, warehouses and stock pools."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog import benchmark_models  # noqa: F401 - Django looks for models here
from stockhub.catalog.override_models import LineSchedule
from stockhub.core import clock
from stockhub.core.fields import AmountField, CurrencyField
from stockhub.core.models import Editable


class Stage(models.Model):
    """A stage of a SKU's life. Rows, so that a plugin can add one; the six of the glossary are always there."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name_en = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("life-cycle stage")
        verbose_name_plural = _("life-cycle stages")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.slug


class Category(Editable):
    """A node of the seller's own category tree."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent"))

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.code


class CategoryMapping(models.Model):
    """What a marketplace calls a category of ours: its fees and rates hang on that."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="mappings", verbose_name=_("category"))
    marketplace = models.CharField(_("marketplace"), max_length=60)
    value = models.CharField(_("category there"), max_length=200)

    class Meta:
        verbose_name = _("category mapping")
        verbose_name_plural = _("category mappings")
        constraints = [models.UniqueConstraint(fields=["category", "marketplace"], name="catalog_categorymapping_once")]

    def __str__(self) -> str:
        return f"{self.marketplace}: {self.value}"


class Season(models.Model):
    """A season that recurs every year at a site and may cross New Year."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    site = models.CharField(_("site"), max_length=40, blank=True)
    starts_month = models.PositiveSmallIntegerField(_("first month"), validators=[MinValueValidator(1), MaxValueValidator(12)])
    starts_day = models.PositiveSmallIntegerField(_("first day"), validators=[MinValueValidator(1), MaxValueValidator(31)])
    ends_month = models.PositiveSmallIntegerField(_("last month"), validators=[MinValueValidator(1), MaxValueValidator(12)])
    ends_day = models.PositiveSmallIntegerField(_("last day"), validators=[MinValueValidator(1), MaxValueValidator(31)])

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")

    def __str__(self) -> str:
        return self.code


class Product(Editable):
    """The parent of SKUs that differ along its variant axes."""

    code = models.CharField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=300)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("category"))
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    variant_axes = models.JSONField(_("variant axes"), default=list, blank=True, help_text=_('For example ["colour", "size"].'))
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.code


class Sku(Editable):
    """The unit that is counted, bought and sold. Quantities of it are whole base units."""

    code = models.CharField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=300, blank=True)
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="skus", verbose_name=_("product"))
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="skus", verbose_name=_("category"))
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    barcode = models.CharField(_("barcode"), max_length=60, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True, help_text=_("Values on the product's variant axes, and more."))
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, blank=True, related_name="skus", verbose_name=_("stage"))
    season = models.ForeignKey(Season, models.SET_NULL, null=True, blank=True, related_name="skus", verbose_name=_("season"))
    is_bundle = models.BooleanField(_("bundle"), default=False, help_text=_("Has no stock of its own; its components have."))
    is_replenished = models.BooleanField(_("bought again"), default=True, help_text=_("Off: no shortage alert, nothing to order."))
    is_clearance = models.BooleanField(
        _("on clearance"), default=False, db_default=False, help_text=_("Its stage is liquidation as long as this is set.")
    )
    unit_cost_amount = AmountField(_("unit cost"), null=True, blank=True)
    unit_cost_currency = CurrencyField(_("currency of the cost"), blank=True)
    price_amount = AmountField(_("list price"), null=True, blank=True)
    price_currency = CurrencyField(_("currency of the price"), blank=True)
    weight_grams = models.PositiveIntegerField(_("weight in grams"), null=True, blank=True)
    length_mm = models.PositiveIntegerField(_("length in mm"), null=True, blank=True)
    width_mm = models.PositiveIntegerField(_("width in mm"), null=True, blank=True)
    height_mm = models.PositiveIntegerField(_("height in mm"), null=True, blank=True)
    shelf_life_days = models.PositiveIntegerField(_("shelf life in days"), null=True, blank=True)
    launched_on = models.DateField(_("launched"), null=True, blank=True)
    discontinued_on = models.DateField(_("discontinued"), null=True, blank=True)

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit_cost_amount__isnull=True) | Q(unit_cost_amount__gte=0), name="catalog_sku_cost_not_negative"
            ),
            models.CheckConstraint(condition=Q(price_amount__isnull=True) | Q(price_amount__gte=0), name="catalog_sku_price_not_negative"),
        ]
        # Every order that comes in asks which SKUs are bundles: few, among all.
        indexes = [models.Index(fields=["id"], name="catalog_sku_bundles", condition=Q(is_bundle=True))]

    def __str__(self) -> str:
        return self.code


class BundleComponent(models.Model):
    """One part of a bundle. Selling the bundle takes `qty` of the component."""

    bundle = models.ForeignKey(Sku, models.CASCADE, related_name="components", verbose_name=_("bundle"))
    component = models.ForeignKey(Sku, models.PROTECT, related_name="part_of", verbose_name=_("component"))
    qty = models.PositiveIntegerField(_("quantity"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("bundle component")
        verbose_name_plural = _("bundle components")
        constraints = [
            models.UniqueConstraint(fields=["bundle", "component"], name="catalog_bundlecomponent_once"),
            models.CheckConstraint(condition=~Q(bundle=F("component")), name="catalog_bundlecomponent_not_itself"),
            models.CheckConstraint(condition=Q(qty__gte=1), name="catalog_bundlecomponent_qty_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.qty} x {self.component}"


class SkuRelationKind(models.TextChoices):
    SUPERSEDES = "supersedes", _("Supersedes")
    SUBSTITUTE_OF = "substitute_of", _("Is a substitute of")


class SkuRelation(models.Model):
    """A dated tie between two SKUs: a new generation, or one that can stand in for another."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="relations", verbose_name=_("SKU"))
    other = models.ForeignKey(Sku, models.CASCADE, related_name="related_from", verbose_name=_("other SKU"))
    kind = models.CharField(_("kind"), max_length=20, choices=SkuRelationKind)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("SKU relation")
        verbose_name_plural = _("SKU relations")
        constraints = [models.UniqueConstraint(fields=["sku", "other", "kind", "valid_from"], name="catalog_skurelation_once")]

    def __str__(self) -> str:
        return f"{self.sku} {self.get_kind_display()} {self.other}"


class WarehouseKind(models.TextChoices):
    OWN = "own", _("Own warehouse")
    STORE = "store", _("Store")
    FBA = "fba", _("Fulfilled by Amazon")
    PLATFORM_CLOUD = "platform_cloud", _("Platform cloud warehouse")
    THIRD_PARTY = "third_party", _("Third-party logistics")
    CONSIGNED = "consigned", _("Consigned")
    DROP_SHIP = "drop_ship", _("Supplier drop-ship")


class Authority(models.TextChoices):
    LEDGER = "ledger", _("We count: orders reserve here")
    SNAPSHOT = "snapshot", _("The platform counts: its figures are observed")


class Warehouse(Editable):
    """A place that holds stock. Sales before `ledger_starts_at` are facts for forecasting and move nothing."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=WarehouseKind, default=WarehouseKind.OWN)
    authority = models.CharField(_("authority"), max_length=10, choices=Authority, default=Authority.LEDGER)
    legal_entity = models.CharField(_("legal entity"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    capacity_units = models.PositiveIntegerField(_("capacity in units"), null=True, blank=True)
    capacity_litres = models.PositiveIntegerField(_("capacity in litres"), null=True, blank=True)
    allows_backorder = models.BooleanField(_("allows back-orders"), default=False, help_text=_("Available stock may go below zero here."))
    allows_presale = models.BooleanField(
        _("allows presales"), default=False, db_default=False, help_text=_("A presale is promised what is on its way here.")
    )
    ledger_starts_at = models.DateTimeField(_("ledger starts"), default=clock.now)

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")

    def __str__(self) -> str:
        return self.code


class StockPool(Editable):
    """The unit of decision: stock of one or more warehouses that serves the same accounts."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    warehouses = models.ManyToManyField(Warehouse, through="PoolWarehouse", related_name="pools", verbose_name=_("warehouses"))

    class Meta:
        verbose_name = _("stock pool")
        verbose_name_plural = _("stock pools")

    def __str__(self) -> str:
        return self.code


class PoolWarehouse(models.Model):
    """A warehouse in a pool; the lowest priority number is taken from first."""

    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="pool_warehouses", verbose_name=_("pool"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="pool_warehouses", verbose_name=_("warehouse"))
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)

    class Meta:
        verbose_name = _("warehouse of a pool")
        verbose_name_plural = _("warehouses of pools")
        ordering = ["priority", "id"]
        constraints = [models.UniqueConstraint(fields=["pool", "warehouse"], name="catalog_poolwarehouse_once")]

    def __str__(self) -> str:
        return f"{self.pool}: {self.warehouse}"


class SafetyStockMethod(models.TextChoices):
    STATISTICAL = "statistical", _("From the forecast error and the lead time")
    COVER_DAYS = "cover_days", _("Days of sales")
    FIXED = "fixed", _("A fixed quantity")


class StockPolicy(Editable):
    """What a seller wants of a SKU in a pool. Without a pool it holds for all; empty fields take the defaults of the rules."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="policies", verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, null=True, blank=True, related_name="policies", verbose_name=_("pool"))
    safety_stock_method = models.CharField(
        _("safety stock by"), max_length=20, choices=SafetyStockMethod, default=SafetyStockMethod.STATISTICAL
    )
    safety_stock_qty = models.PositiveIntegerField(_("fixed safety stock"), null=True, blank=True)
    safety_cover_days = models.FloatField(_("days of sales as safety"), null=True, blank=True, validators=[MinValueValidator(0)])
    service_level = models.FloatField(
        _("service level"), null=True, blank=True, validators=[MinValueValidator(0.5), MaxValueValidator(0.999)]
    )
    review_period_days = models.PositiveSmallIntegerField(_("review period in days"), null=True, blank=True)
    is_replenished = models.BooleanField(
        _("bought again"), null=True, blank=True, help_text=_("Whatever its stage says; empty: as its stage says.")
    )
    lead_time_days = models.FloatField(_("lead time in days"), null=True, blank=True, validators=[MinValueValidator(0)])
    alert_threshold_qty = models.PositiveIntegerField(_("warn below"), null=True, blank=True, help_text=_("A threshold of the user's own."))
    maximum_qty = models.PositiveIntegerField(
        _("order up to"), null=True, blank=True, help_text=_("The user's own maximum; empty: what the forecast asks for.")
    )
    alert_cover_days = models.FloatField(
        _("warn below days of sales"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("The threshold follows the forecast; it never lies below the quantity, where one is given."),
    )
    # Null where an older release made the row: continuous.
    alert_schedule = models.CharField(  # noqa: DJ001
        _("follows the forecast"),
        max_length=12,
        null=True,
        blank=True,
        choices=LineSchedule,
        help_text=_("When a threshold in days of sales is set anew; empty: with every forecast."),
    )

    class Meta:
        verbose_name = _("stock policy")
        verbose_name_plural = _("stock policies")
        constraints = [
            models.UniqueConstraint(fields=["sku", "pool"], name="catalog_stockpolicy_once", condition=Q(pool__isnull=False)),
            models.UniqueConstraint(fields=["sku"], name="catalog_stockpolicy_default_once", condition=Q(pool__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool or '*'}"


class ExchangeRate(models.Model):
    """One unit of `source_currency` in `target_currency` on a day. Rates are never overwritten by later days."""

    day = models.DateField(_("day"))
    source_currency = CurrencyField(_("from"))
    target_currency = CurrencyField(_("to"))
    rate = models.CharField(_("rate"), max_length=30, help_text=_("A decimal as text, eight places."))
    origin = models.CharField(_("origin"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [models.UniqueConstraint(fields=["day", "source_currency", "target_currency"], name="catalog_exchangerate_once")]

    def __str__(self) -> str:
        return f"{self.source_currency}/{self.target_currency} {self.day}"
