"""What Prometheus may read at /metrics: counts of messages and states of channels, never anything about a person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.budget import Budget

Counts = Callable[[], Mapping[str, int]]


class Figures(Collector):
    """Reads the counts of the road and of each channel when asked; keeps none of its own."""

    def __init__(
        self,
        road: Counts,
        channels: Mapping[str, Counts],
        up: Callable[[], Mapping[str, bool]],
        budgets: Mapping[str, Budget],
    ) -> None:
        self._road = road
        self._channels = channels
        self._up = up
        self._budgets = budgets

    def collect(self) -> Iterable[Metric]:
        """Give all figures."""
        inbound = CounterMetricFamily("langnghe_inbound", "What came in, by what became of it.", labels=["outcome"])
        for outcome, number in self._road().items():
            inbound.add_metric([outcome], number)
        outbound = CounterMetricFamily(
            "langnghe_channel_events", "What happened on a channel.", labels=["channel", "event"]
        )
        for channel, counts in self._channels.items():
            for event, number in counts().items():
                outbound.add_metric([channel, event], number)
        up = GaugeMetricFamily("langnghe_channel_up", "Whether a channel can be used now.", labels=["channel"])
        for channel, well in self._up().items():
            up.add_metric([channel], float(well))
        return (inbound, outbound, up, self._plans())

    def _plans(self) -> GaugeMetricFamily:
        plans = GaugeMetricFamily(
            "langnghe_channel_plan", "What a platform's plan allows, and what is used of it.", labels=["channel", "of"]
        )
        for channel, budget in self._budgets.items():
            for of, number in asdict(budget).items():
                plans.add_metric([channel, of], number)
        return plans


def exposition(figures: Figures) -> bytes:
    """The figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(figures)
    return generate_latest(registry)
