"""What the program found out, as objects."""

from __future__ import annotations

import html
from typing import Any, Callable, Dict, Iterator, List, Mapping, Union


def _wrap(value: Any) -> Any:
    if isinstance(value, dict):
        return Record(value)
    if isinstance(value, list):
        return [_wrap(each) for each in value]
    return value


class Record(Mapping[str, Any]):
    """Part of a result: a JSON object whose members are attributes (`r.makespan.mean`) and items (`r.quantiles["0.95"]`)."""

    def __init__(self, data: Dict[str, Any]) -> None:
        self._data = data

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self._data:
            return _wrap(self._data[name])
        raise AttributeError(f"no {name!r} here; there are: {', '.join(self._data)}")

    def __getitem__(self, key: str) -> Any:
        return _wrap(self._data[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __dir__(self) -> List[str]:
        return [*super().__dir__(), *(key for key in self._data if key.isidentifier())]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._data!r})"

    def to_dict(self) -> Dict[str, Any]:
        """Plain dictionaries, lists and numbers."""
        return self._data


class Result(Record):
    """The result of a command. `text` is what the command prints for people, `html` its report: both are made when they are asked for."""

    def __init__(self, data: Dict[str, Any], render: Callable[[str], str]) -> None:
        super().__init__(data)
        self._render = render
        self._rendered: Dict[str, str] = {}

    def _rendering(self, form: str) -> str:
        if form not in self._rendered:
            self._rendered[form] = self._render(form)
        return self._rendered[form]

    @property
    def text(self) -> str:
        """The result in words and tables."""
        return self._rendering("text")

    @property
    def html(self) -> str:
        """The report: one page with its pictures, which needs no network."""
        return self._rendering("html")

    def _repr_html_(self) -> str:
        page = html.escape(self.html, quote=True)
        return f'<iframe srcdoc="{page}" style="width: 100%; height: 640px; border: 0" title="dagcast {self._data.get("command")}"></iframe>'

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of dagcast {self._data.get('command')}: {', '.join(self._data)}>"


class Comparison(Result):
    """The three modes of execution beside each other: `sequential`, `pipelined`, `asynchronous`."""

    def __getattr__(self, name: str) -> Any:
        modes = self.__dict__.get("_data", {}).get("modes", {})
        if name in modes:
            return _wrap(modes[name])
        return super().__getattr__(name)

    @property
    def best(self) -> str:
        """The mode with the least mean makespan."""
        modes = self._data["modes"]
        return min(modes, key=lambda mode: modes[mode]["makespan"]["mean"])

    def improvement(self, mode: str = "asynchronous") -> Union[float, None]:
        """I over sequential: the share of the sequential makespan that this mode saves."""
        return self._data["modes"][mode]["improvement"]["mean"]

    def __repr__(self) -> str:
        means = ", ".join(f"{mode} {each['makespan']['mean']:.1f} s" for mode, each in self._data["modes"].items())
        return f"<Comparison: {means}>"
