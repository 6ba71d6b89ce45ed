"""The process in which one plugin runs: `python -m stockhub.pluginhost.runner NAME VALUE PARENT_PID MEMORY_MIB`.

Reads requests on what was standard input and answers on what was standard output; the plugin's own prints go to standard error, which the
host writes to its log. It knows no Django and is given none of the server's secrets. It dies with the host: the kernel kills it (Linux), or
it notices that its parent is another one (elsewhere).
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from stockhub.core import clock
from stockhub.pluginapi import (
    AlertRule,
    Forecaster,
    HealthCheck,
    HealthRequest,
    HttpClient,
    LifecycleRule,
    Message,
    MigrateConfigRequest,
    Notifier,
    PluginContext,
)
from stockhub.pluginhost import codec, stage_answers, wire
from stockhub.pluginhost.delivering import deliver
from stockhub.pluginhost.errors import InvalidAnswerError
from stockhub.pluginhost.judging import judge, learned
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.loading import LoadedPlugin, PluginRefusedError, load, named, traceback_head
from stockhub.pluginhost.validation import check_forecast_form, guarded, require

_PR_SET_PDEATHSIG: Final = 1
MOST_CHECKS: Final = 50
Answer = tuple[codec.Header, codec.Arrays]


def main() -> None:
    name, value, parent, memory_mib = sys.argv[1:5]
    die_with(int(parent))
    source, sink = claim_channel()
    limit_memory(int(memory_mib), final=False)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        plugin = load(name, value)
    except PluginRefusedError as error:
        refused = {"status": error.status, "reason": error.reason, "details": error.details, "identity": error.identity}
        answer(sink, {"refused": refused})
        return
    limit_memory(int(memory_mib), final=True)
    answer(sink, {"ready": description(plugin)})
    serve(plugin, source, sink)


def die_with(parent: int) -> None:
    """Asks the kernel for our death when the host dies, and looks whether it has died already."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(0)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def claim_channel() -> tuple[Any, int]:
    """Takes the two pipes away from file descriptors 0 and 1, so that no print and no C library can write into the protocol."""
    source, sink = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    return os.fdopen(source, "rb", buffering=0), sink


def limit_memory(mib: int, *, final: bool) -> None:
    """Allows `mib` on top of what the process has now: before the import of the plugin over the bare runner, after it over the plugin."""
    allowed = _data_bytes() + mib * 2**20
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        allowed = min(allowed, hard)
    with contextlib.suppress(ValueError, OSError):  # a system that does not limit data
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed if final else hard))


def _data_bytes() -> int:
    """Private memory that counts towards RLIMIT_DATA, as Linux tells it."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - one line of a kernel file
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def description(plugin: LoadedPlugin) -> dict[str, Any]:
    """What a probe wants to know."""
    return {
        "slug": plugin.manifest.slug,
        "providers": {kind.value: sorted(found) for kind, found in plugin.providers.items()},
        "problems": list(plugin.problems),
    }


def serve(plugin: LoadedPlugin, source: Any, sink: int) -> None:  # noqa: ANN401 - a raw file object
    """Answers requests until the host hangs up."""

    def read(count: int) -> bytearray:
        content, place = bytearray(count), 0
        view = memoryview(content)
        while place < count:
            got = source.readinto(view[place:])
            if not got:
                os._exit(0)  # without waiting for threads of the plugin
            place += got
        return content

    while True:
        message = wire.decode(read, lambda _header, _declared: None)
        started = time.perf_counter()
        try:
            header, arrays = _METHODS[message.header["method"]](plugin, message)
        except InvalidAnswerError as error:
            answer(sink, {"error": {"code": error.code, "message": error.message}})
        except MemoryError:
            answer(sink, {"error": {"code": "out_of_memory", "message": "It asked for more memory than it may have."}})
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is, the host is told
            text = f"It raised {named(error)}" if not isinstance(error, SystemExit) else f"While it worked, {named(error)}"
            answer(sink, {"error": {"code": "raised", "message": text, "details": traceback_head(error)}})
        else:
            answer(sink, {"answer": header, "seconds": time.perf_counter() - started}, arrays)
        sys.stdout.flush()


def answer(sink: int, header: codec.Header, arrays: codec.Arrays | None = None) -> None:
    for piece in wire.encode(header, arrays):
        view = memoryview(piece)
        while view:
            view = view[os.write(sink, view) :]


def forecast(plugin: LoadedPlugin, message: wire.Message) -> Answer:
    """The forecast of one batch, with what was learned before where that comes along, else with what its own panel teaches."""
    forecaster = _forecaster(plugin, message)
    batch = codec.unpack_batch(message.header, message.arrays)
    packed = message.arrays.get(codec.STATE)
    state = learned(forecaster, batch) if packed is None else codec.unpack_state(packed.tobytes())
    result = forecaster.forecast(batch, state)
    guarded(check_forecast_form, result, batch)
    return codec.pack_forecast(result)


def fit(plugin: LoadedPlugin, message: wire.Message) -> Answer:
    """What a forecaster learns of a panel, packed."""
    batch = codec.unpack_batch(message.header, message.arrays)
    packed = codec.pack_state(learned(_forecaster(plugin, message), batch))
    return {}, {codec.STATE: codec.as_array(packed)}


def _forecaster(plugin: LoadedPlugin, message: wire.Message) -> Forecaster:
    forecaster = plugin.providers[Kind.FORECASTER][message.header["provider"]]
    assert isinstance(forecaster, Forecaster)  # noqa: S101 - `load` has checked it
    return forecaster


def evaluate(plugin: LoadedPlugin, message: wire.Message) -> Answer:
    """A rule's findings about a snapshot, its explanations and its labels."""
    header = message.header
    rule = plugin.providers[Kind.ALERT_RULE][header["provider"]]
    assert isinstance(rule, AlertRule)  # noqa: S101 - `load` has checked it
    snapshot = codec.unpack_snapshot(header, message.arrays)
    sets = [rule.parameters_model.model_validate(each) for each in header["parameters"]]
    return codec.pack_outcome(judge(rule, snapshot, sets, message.arrays.get(codec.PARAMETER_SET)))


def evaluate_stages(plugin: LoadedPlugin, message: wire.Message) -> Answer:
    """A life-cycle rule's findings about a panel, its explanation and its labels."""
    rule = plugin.providers[Kind.LIFECYCLE_RULE][message.header["provider"]]
    assert isinstance(rule, LifecycleRule)  # noqa: S101 - `load` has checked it
    return stage_answers.pack_outcome(stage_answers.told(rule, stage_answers.unpack_panel(message.header, message.arrays)))


def health(plugin: LoadedPlugin, message: wire.Message) -> Answer:
    """The answers of `stockhub_health` with the plugin's configuration, secrets included."""
    if "stockhub_health" not in plugin.hooks:
        return {"checks": []}, {}
    config = plugin.manifest.config_model.model_validate(message.header["config"])
    http = _http(allowed_hosts=message.header["allowed_hosts"])
    context = PluginContext(config, logging.getLogger(plugin.manifest.slug), clock.now, http)
    checks: list[dict[str, Any]] = []
    for given in plugin.call("stockhub_health", HealthRequest(context)):
        for check in given:
            require(isinstance(check, HealthCheck), "wrong_type", f"stockhub_health must give HealthCheck, not {type(check).__name__}.")
            require(len(checks) < MOST_CHECKS, "too_large", f"stockhub_health gave more than {MOST_CHECKS} checks.")
            checks.append({"name": str(check.name)[:120], "ok": bool(check.ok), "message": str(check.message)[:2000]})
    return {"checks": checks}, {}


def _http(**options: Any) -> HttpClient:  # noqa: ANN401 - the client's options
    # Most plugins need no network, so their process does not load what speaks TLS.
    from stockhub.core.outgoing.client import OutgoingHttp

    return OutgoingHttp(**options)


def notify(plugin: LoadedPlugin, message: wire.Message) -> Answer:
    """Whether a message arrived, with the configurations of the plugin and of the endpoint, secrets included."""
    header = message.header
    notifier = plugin.providers[Kind.NOTIFIER][header["provider"]]
    assert isinstance(notifier, Notifier)  # noqa: S101 - `load` has checked it
    http = _http(allowed_hosts=header["allowed_hosts"], seconds=header["seconds"])
    config = plugin.manifest.config_model.model_validate(header["config"])
    context = PluginContext(config, logging.getLogger(plugin.manifest.slug), clock.now, http)
    return deliver(notifier, Message.from_json(header["message"]), header["endpoint"], context).to_json(), {}


def migrate_config(plugin: LoadedPlugin, message: wire.Message) -> Answer:
    """A stored configuration, brought to the manifest's version."""
    header = message.header
    if "stockhub_migrate_config" not in plugin.hooks:
        return {"config": header["config"]}, {}
    request = MigrateConfigRequest(header["from_version"], plugin.manifest.config_version, header["config"])
    answers = plugin.call("stockhub_migrate_config", request)
    require(
        len(answers) == 1 and isinstance(answers[0], Mapping), "wrong_type", "stockhub_migrate_config must return the new configuration."
    )
    return {"config": dict(answers[0])}, {}


_METHODS: Final[Mapping[str, Callable[[LoadedPlugin, wire.Message], Answer]]] = {
    "forecast": forecast,
    "fit": fit,
    "evaluate": evaluate,
    "evaluate_stages": evaluate_stages,
    "health": health,
    "notify": notify,
    "migrate_config": migrate_config,
}

if __name__ == "__main__":
    main()
