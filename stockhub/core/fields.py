"""Model fields for money, currencies and arrays, alike on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.values.money import SCALE_DIGITS

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable
    from numpy.typing import NDArray

_SCALE = Decimal(10) ** SCALE_DIGITS
_QUANTUM = Decimal(1) / _SCALE


class AmountField(models.BigIntegerField):  # type: ignore[type-arg] # generic to django-stubs alone
    """A Decimal with six places, stored as a scaled 64-bit integer: SQLite keeps decimals as floats and loses digits.

    Its row names the currency. Sums and comparisons in the database stay exact.
    """

    description = _("Amount of money")
    # How django-stubs learns the Python types of a field.
    _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Decimal  # type: ignore[assignment]

    def from_db_value(self, value: int | Decimal | None, *_args: object) -> Decimal | None:
        return None if value is None else Decimal(value) / _SCALE

    def to_python(self, value: Any) -> Decimal | None:  # noqa: ANN401 - Django's signature
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise TypeError("An amount is a Decimal, never a float.")
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(_("%(value)s is not an amount."), params={"value": value}) from error

    def get_prep_value(self, value: Any) -> int | None:  # noqa: ANN401 - Django's signature
        amount = self.to_python(value)
        return None if amount is None else int((amount.quantize(_QUANTUM, rounding=ROUND_HALF_UP) * _SCALE).to_integral_value())

    def formfield(self, **kwargs: Any) -> Any:  # noqa: ANN401 - Django's signature
        from django import forms

        return models.Field.formfield(self, form_class=forms.DecimalField, max_digits=18, decimal_places=SCALE_DIGITS, **kwargs)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


class CurrencyField(models.CharField):  # type: ignore[type-arg] # generic to django-stubs alone
    """An ISO 4217 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("validators", [RegexValidator(r"^[A-Z]{3}$", _("Use an ISO 4217 code such as CNY or USD."))])
        super().__init__(*args, **kwargs)


class ArrayField(models.BinaryField):  # type: ignore[type-arg] # generic to django-stubs alone
    """A one-dimensional numpy array of a fixed little-endian type in a binary column; None is an empty array."""

    _pyi_private_set_type: NDArray[Any]
    _pyi_private_get_type: NDArray[Any]  # type: ignore[assignment]

    def __init__(self, *args: Any, dtype: str = "<f4", **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        self.dtype = np.dtype(dtype)
        kwargs.setdefault("default", bytes)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"dtype": self.dtype.str, "editable": False}

    def from_db_value(self, value: bytes | memoryview | None, *_args: object) -> NDArray[Any]:
        return np.frombuffer(bytes(value or b""), self.dtype)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - Django's
        raw = np.ascontiguousarray(value, self.dtype).tobytes() if isinstance(value, np.ndarray) else bytes(value or b"")
        return super().get_db_prep_value(raw, connection, prepared)
