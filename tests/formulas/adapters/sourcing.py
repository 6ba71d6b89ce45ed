"""Vector suites of `formulas.sourcing`."""

from __future__ import annotations

from typing import Any

from stockhub.formulas.sourcing.split import split_order
from stockhub.formulas.sourcing.split_problem import SplitProblem, SupplierTerms
from tests.formulas.vector_case import Adapter, Case


def supplier_split(x: Case) -> dict[str, Any]:
    terms = [
        SupplierTerms(
            supplier=each["id"],
            price=each["price"],
            defect_rate=each["defect_rate"],
            risk_cost=each["risk_cost"],
            fixed_cost=each["fixed"],
            moq=each["moq"],
            case_pack=each["pack"],
            capacity=each["capacity"],
        )
        for each in x["suppliers"]
    ]
    problem = SplitProblem(terms=terms, quantity=x["quantity"], min_suppliers=x["min_suppliers"], max_share=x["max_share"])
    plan = split_order(problem)
    quantities = [plan.quantities[each["id"]] for each in x["suppliers"]]
    return {"feasible": plan.feasible, "objective": plan.cost, "quantities": quantities, "total": plan.total}


ADAPTERS: dict[str, Adapter] = {
    "supplier_split": supplier_split,
}
