"""Durations: plain numbers of seconds, texts ("10m"), or one of these."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Union

Distribution = Dict[str, Any]
Duration = Union[float, int, str, Distribution]


def distribution(family: str, **fields: Any) -> Distribution:
    """Any family of `dagcast list distributions`, by its fields in docs/formats.md. Fields that are None are left out."""
    return {"distribution": family, **{key: value for key, value in fields.items() if value is not None}}


def constant(value: float) -> Distribution:
    return distribution("constant", value=value)


def uniform(low: float, high: float) -> Distribution:
    """All values from low to high are equally likely."""
    return distribution("uniform", min=low, max=high)


def normal(mean: float, sd: float | None = None, cv: float | None = None) -> Distribution:
    """Gaussian, truncated at 0. Spread: sd in seconds, or cv relative to the mean."""
    return distribution("normal", mean=mean, sd=sd, cv=cv)


def lognormal(mean: float, sd: float | None = None, cv: float | None = None) -> Distribution:
    return distribution("lognormal", mean=mean, sd=sd, cv=cv)


def gamma(mean: float, sd: float | None = None, cv: float | None = None) -> Distribution:
    return distribution("gamma", mean=mean, sd=sd, cv=cv)


def exponential(mean: float) -> Distribution:
    return distribution("exponential", mean=mean)


def weibull(shape: float, scale: float) -> Distribution:
    return distribution("weibull", shape=shape, scale=scale)


def empirical(values: Iterable[float]) -> Distribution:
    """As measured: the quantiles of these values."""
    return distribution("empirical", values=list(values))
