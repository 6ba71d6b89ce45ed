"""Every export by its name. A new one is a class and a name here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from stockhub.exports.accuracy import ForecastAccuracies, ForecastErrors
from stockhub.exports.documents import Disputes, LotCosts, Transfers, Variances
from stockhub.exports.export import Export
from stockhub.exports.inbox import Alerts, Incidents, Stockouts
from stockhub.exports.key_figures import KeyFigureChanges, KeyFigures
from stockhub.exports.lifecycle import StageHistory, Stages
from stockhub.exports.market import MarketObservations, MarketTrends
from stockhub.exports.overview import AccountOverview, PoolOverview, WarehouseOverview
from stockhub.exports.parameters import RuleParameters
from stockhub.exports.past import LotsAsOf, StockAsOf, ValueByAge
from stockhub.exports.platform_facts import (
    ExperienceScores,
    FeeEstimates,
    ListingSignals,
    PlatformShipments,
    SettledCharges,
    StockAges,
    Traffic,
)
from stockhub.exports.presales import PresalePositions
from stockhub.exports.pushes import Pushes, StockDifferences
from stockhub.exports.received import ReceivedRecords
from stockhub.exports.stock import Allocations, Balances, Lots, Movements, Quarantine
from stockhub.exports.warnings import Imbalances

_ALL: Final[tuple[Export, ...]] = (
    Movements(),
    Balances(),
    Lots(),
    StockAsOf(),
    LotsAsOf(),
    ValueByAge(),
    LotCosts(),
    Transfers(),
    Variances(),
    Disputes(),
    Allocations(),
    PresalePositions(),
    Quarantine(),
    ReceivedRecords(),
    Pushes(),
    StockDifferences(),
    PlatformShipments(),
    StockAges(),
    FeeEstimates(),
    SettledCharges(),
    Traffic(),
    ListingSignals(),
    MarketObservations(),
    MarketTrends(),
    ExperienceScores(),
    Imbalances(),
    KeyFigures(),
    KeyFigureChanges(),
    RuleParameters(),
    Alerts(),
    Incidents(),
    Stockouts(),
    WarehouseOverview(),
    PoolOverview(),
    AccountOverview(),
    ForecastAccuracies(),
    ForecastErrors(),
    Stages(),
    StageHistory(),
)
EXPORTS: Final[Mapping[str, Export]] = MappingProxyType({each.name: each for each in _ALL})
