"""Loads well; each of its forecasters does something bad when it is called, but for the first one."""

import os
import sys
import time

import numpy as np

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecasterCapability, ForecastResult, Manifest, Panel, State, hookimpl
from stockhub.values import Label


class Behaving(Forecaster):
    slug = "behaving"
    name = Label("Behaving", "正常")
    capabilities = frozenset({ForecasterCapability.DAILY_QUANTILES, ForecasterCapability.LEAD_TIME_SUMS})

    def fit(self, panel: Panel) -> State:
        return {"level": np.nanmean(panel.values, axis=1)}

    def forecast(self, batch: ForecastBatch, state: State) -> ForecastResult:
        n, q, h = batch.panel.values.shape[0], len(batch.quantile_levels), batch.horizon
        mean = np.repeat(state["level"].astype(np.float32)[:, None], h, axis=1)
        quantiles = np.repeat(mean[:, None, :], q, axis=1) * np.arange(1, q + 1, dtype=np.float32)[None, :, None]
        sums = np.ones((n, q, len(batch.lead_time_days)), np.float32) if batch.lead_time_days else None
        return self.spoil(
            ForecastResult(mean, quantiles, np.full(n, np.nan, np.float32), {1: "SHORT_HISTORY"} if n > 1 else {}, sums), batch
        )

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        return result


class SaysItsProcess(Behaving):
    slug = "says-its-process"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        result.mean[:] = os.getpid()
        return result


class Raises(Behaving):
    slug = "raises"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        raise ZeroDivisionError("api_key=hunter2 was of no use")


class AnswersNan(Behaving):
    slug = "answers-nan"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        result.mean[0, 0] = np.nan
        return result


class AnswersInfinity(Behaving):
    slug = "answers-infinity"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        result.quantiles[0, 0, 0] = np.inf
        return result


class AnswersNegative(Behaving):
    slug = "answers-negative"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        result.mean[0, 0] = -1
        return result


class AnswersDescending(Behaving):
    slug = "answers-descending"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        result.quantiles[:] = result.quantiles[:, ::-1]
        return result


class AnswersTooFew(Behaving):
    slug = "answers-too-few"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        return ForecastResult(result.mean[:-1], result.quantiles[:-1], result.error_sd[:-1])


class AnswersDoubles(Behaving):
    slug = "answers-doubles"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        return ForecastResult(result.mean.astype(np.float64), result.quantiles, result.error_sd)


class AnswersHuge(Behaving):
    slug = "answers-huge"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        # A petabyte that costs nothing to make.
        return ForecastResult(np.broadcast_to(np.float32(1), (2**25, 2**25)), result.quantiles, result.error_sd)


class AnswersText(Behaving):
    slug = "answers-text"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        return "sell everything"


class NamesAnUnknownSeries(Behaving):
    slug = "names-an-unknown-series"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        return ForecastResult(result.mean, result.quantiles, result.error_sd, {99: "SHORT_HISTORY"})


class ChangesItsInput(Behaving):
    slug = "changes-its-input"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        batch.panel.values[:] = 0
        return result


class InsistsOnChangingItsInput(Behaving):
    slug = "insists-on-changing-its-input"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        batch.panel.values.flags.writeable = True
        batch.panel.values[:] = 0
        return result


class Prints(Behaving):
    slug = "prints"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        print("SHP1 looks like the protocol, token=hunter2")  # noqa: T201
        os.write(1, b"\x00\xff not even text\n")
        for line in range(5000):
            print("line", line)  # noqa: T201
        return result


class Hangs(Behaving):
    slug = "hangs"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        time.sleep(3600)


class ExitsPolitely(Behaving):
    slug = "exits-politely"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        sys.exit(4)


class Dies(Behaving):
    slug = "dies"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        os._exit(9)


class Crashes(Behaving):
    slug = "crashes"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        os.kill(os.getpid(), 11)
        time.sleep(60)


class EatsMemory(Behaving):
    slug = "eats-memory"

    def spoil(self, result: ForecastResult, batch: ForecastBatch) -> ForecastResult:
        hoard = []
        while True:
            hoard.append(np.ones(2**21))


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="misbehaving-forecasters", name=Label("Misbehaving", "异常"), version="1.2", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_forecasters(request: object) -> list[Forecaster]:
    return [kind() for kind in (Behaving, *Behaving.__subclasses__())]
