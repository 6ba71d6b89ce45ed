"""What the parts of the formula of shown stock are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stockhub.values import Explanation, Label

_NAMES: Final[Mapping[str, Label]] = {
    "percent": Label("Percent", "百分比"),
    "plus": Label("Plus or minus", "加减数"),
    "held_back": Label("Kept for the live session", "直播预留"),
    "least": Label("At least", "下限"),
    "most": Label("At most", "上限"),
    "below_least": Label("Below that, show", "低于下限时显示"),
    "sets_in_warehouse": Label("Sets in a warehouse", "单仓可组套数"),
    "servable_stock": Label("Can be served", "可供数量"),
    "shown_stock": Label("Shown stock", "展示库存"),
}
_NUMBERED: Final = (
    ("units_each_", Label("units of part {} in one", "每件含部件{}数量")),
    ("units_", Label("Units of part {}", "部件{}库存")),
)


def names_of(tree: Explanation) -> dict[str, Label]:
    """The names of all the parts of one explanation."""
    found: dict[str, Label] = {}
    for node in tree.walk():
        if node.name is not None and node.name in _NAMES:
            found[node.name] = _NAMES[node.name]
            continue
        for prefix, label in _NUMBERED:
            if node.name is not None and node.name.startswith(prefix):
                number = node.name.removeprefix(prefix)
                found[node.name] = Label(label.text("en").format(number), label.text("zh-hans").format(number))
                break
    return found
