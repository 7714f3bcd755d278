"""Writes a made-up run folder with the shape of a real one, for tests of what reads run folders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from synthetic_charts import chart_tables

from experiments.layout import LAYOUT

HISTORIES = ("issp_jnim_truce", "no_truce")
COALITIONS = ("jnim", "issp", "csp", "platform", "dan_na_ambassagou", "vdp", "mali", "niger", "burkina", "france", "un")
ZONES = ("none", "attack", "support", "contested", "control")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
DATES = ("2021-07-05", "2022-12-26", "2023-12-25")
WEEKS = pd.date_range("2021-07-05", periods=130, freq="7D")
CONFIG_HASH = "0123456789abcdef0123456789abcdef"
TRUCE = pd.Timestamp("2023-04-03")

# Centre (lat, lon), reach in degrees of lat and lon, and peak share of each coalition's ground.
GROUND = {
    "jnim": (
        (14.6, -3.4, 1.1, 1.9, 0.85),
        (14.1, -1.2, 0.7, 1.3, 0.75),
        (16.9, -3.2, 1.0, 2.6, 0.7),
        (12.3, 1.2, 0.8, 0.8, 0.75),
    ),
    "issp": ((15.7, 2.6, 0.9, 1.5, 0.95), (14.6, 1.3, 0.6, 1.0, 0.7)),
    "csp": ((19.3, 1.2, 1.5, 1.6, 0.95),),
    "platform": ((17.2, 0.6, 0.8, 0.9, 0.55),),
    "dan_na_ambassagou": ((13.9, -2.9, 0.5, 0.5, 0.5),),
    "vdp": ((12.9, -0.9, 0.6, 0.7, 0.35),),
    "mali": ((12.6, -8.0, 2.0, 3.5, 0.95), (14.0, -10.0, 1.6, 2.0, 0.85), (16.3, 0.0, 0.4, 0.4, 0.7)),
    "niger": ((13.6, 7.0, 1.6, 6.5, 0.95), (17.5, 9.0, 3.0, 3.0, 0.6)),
    "burkina": ((11.8, -2.0, 1.0, 2.2, 0.95),),
}


def write_run(folder: Path, *, paired: bool = True, dates: tuple[str, ...] = DATES) -> Path:
    """Write manifest, grid of some `dates` and tables under `folder`; `paired` adds the counterfactual."""
    histories = HISTORIES[: 1 + paired]
    (folder / "tables").mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(_manifest(histories)), encoding="utf-8")
    _grid(histories).sel(date=list(dates)).to_netcdf(folder / "grid.nc", engine="h5netcdf")
    _events(histories, folder / "events")
    for name, table in _tables(histories).items():
        table.astype({"history": "category"} if "history" in table else {}).to_parquet(
            folder / "tables" / f"{name}.parquet", index=False
        )
    return folder


def _manifest(histories: tuple[str, ...]) -> dict[str, object]:
    events = [
        {"date": "2022-02-17", "text": "France and its partners announce the withdrawal from Mali."},
        {"date": "2022-08-15", "text": "The last French troops leave Mali."},
        {"date": "2023-06-30", "text": "MINUSMA's mandate ends."},
    ]
    truce = [{"date": "2023-04-03", "text": "ISSP and JNIM keep a truce in Ménaka and Gao."}]
    return {
        "layout": LAYOUT,
        "config_hash": CONFIG_HASH,
        "commit": "fedcba9876543210fedcba9876543210fedcba98",
        "dirty": False,
        "seed": 1,
        "start": str(WEEKS[0].date()),
        "weeks": len(WEEKS),
        "made": "2024-05-06",
        "replicates": 200,
        "scenario": histories[0],
        "counterfactual": histories[1] if len(histories) > 1 else None,
        "versions": {"python": "3.12.1", "numpy": "2.5.5", "numba": "0.68.1", "mesa": "3.5.1"},
        "events": {name: events + (truce if "no_" not in name else []) for name in histories},
    }


def _cells() -> dict[str, tuple[str, np.ndarray]]:
    # A lattice over a rough outline of the region: country by boxes, which is enough to draw on.
    boxes = {"MLI": (-12.0, -4.0, 11, 15.5), "BFA": (-5, 1.5, 10, 14.5), "NER": (1.5, 15, 12.5, 21)}
    lon, lat = (a.ravel() for a in np.meshgrid(np.arange(-11.75, 15.5, 0.5), np.arange(9.75, 24.5, 0.5)))
    code = np.full(lon.size, "   ")
    for iso3, (west, east, south, north) in boxes.items():
        code[(lon > west) & (lon < east) & (lat > south) & (lat < north)] = iso3
    code[(lon > -4.5) & (lon < 4) & (lat > 14.9) & (lat < 24)] = "MLI"
    land = code != "   "
    gid = ((lat + 90) / 0.5).astype(int) * 720 + ((lon + 180) / 0.5).astype(int) + 1
    return {
        "gid": ("cell", gid[land]),
        "lat": ("cell", lat[land]),
        "lon": ("cell", lon[land]),
        "region": ("cell", np.array([f"{iso3}/Somewhere" for iso3 in code[land]])),
    }


def _shares(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    raw = np.zeros((len(COALITIONS), lat.size))
    for row, name in enumerate(COALITIONS):
        for y, x, tall, wide, peak in GROUND.get(name, ()):
            near = np.exp(-0.5 * (((lat - y) / tall) ** 2 + ((lon - x) / wide) ** 2))
            raw[row] = np.maximum(raw[row], peak * near)
    return raw / np.maximum(1.0, raw.sum(axis=0))


def _probability(share: np.ndarray) -> np.ndarray:
    # Chances of the zone classes from a mean share, (coalition, zone, cell).
    rival = np.sort(share, axis=0)[-1] - 0 * share
    rival = np.where(share == rival, np.sort(share, axis=0)[-2], rival)
    weight = np.stack(
        [
            3 * np.exp(-((share / 0.06) ** 2)) + 0.02,
            1.5 * np.exp(-(((share - 0.12) / 0.07) ** 2)),
            1.6 * np.exp(-(((share - 0.35) / 0.16) ** 2)),
            2.5 * (share > 0.22) * (rival > 0.22),
            3 * (share > 0.5) * (rival < 0.25) * share,
        ],
        axis=1,
    )
    return weight / weight.sum(axis=1, keepdims=True)


def _grid(histories: tuple[str, ...]) -> xr.Dataset:
    cells = _cells()
    lat, lon = cells["lat"][1], cells["lon"][1]
    base = _shares(lat, lon)
    growth = np.array([0.75, 0.95, 1.1])
    rising = np.isin(COALITIONS, ("jnim", "issp"))[:, None]
    share = np.stack([np.where(rising, base * grow, base) for grow in growth])
    share = np.stack([share / np.maximum(1, share.sum(axis=1, keepdims=True))] * len(histories))
    bump = 0.16 * np.exp(-0.5 * (((lat - 15.6) / 1.1) ** 2 + ((lon - 2.4) / 1.6) ** 2))
    dip = 0.12 * np.exp(-0.5 * (((lat - 14.8) / 0.9) ** 2 + ((lon - 0.2) / 1.2) ** 2))
    effect = np.zeros_like(share[0])
    effect[1:, COALITIONS.index("issp")] = bump - dip
    effect[1:, COALITIONS.index("jnim")] = dip - 0.8 * bump
    effect[0] = 0
    effect[np.abs(effect) < 0.002] = 0
    share[0] = np.clip(share[0] + effect, 0, 1)
    spread = np.array([-1.64, -0.67, 0, 0.67, 1.64])[:, None, None] * 0.035 * (effect != 0)[:, None]
    probability = np.stack([[_probability(day) for day in history] for history in share])
    data = {
        "zone_probability": (("history", "date", "coalition", "zone", "cell"), probability.astype("float32")),
        "share_mean": (("history", "date", "coalition", "cell"), share.astype("float32")),
    }
    if len(histories) > 1:
        data["share_difference_mean"] = (("date", "coalition", "cell"), effect.astype("float32"))
        band = (effect[:, None] + spread).astype("float32")
        data["share_difference_quantile"] = (("date", "quantile", "coalition", "cell"), band)
    coords = {
        "history": list(histories),
        "date": pd.to_datetime(list(DATES)),
        "coalition": list(COALITIONS),
        "zone": list(ZONES),
        "quantile": list(QUANTILES),
        "cell": cells["gid"],
        **cells,
    }
    return xr.Dataset(data, coords)


def _banded(mean: np.ndarray, keys: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame({**keys, "date": WEEKS, "mean": mean})
    for q, z in zip(QUANTILES, (-1.64, -0.67, 0.0, 0.67, 1.64), strict=True):
        frame[f"q{round(100 * q):02d}"] = np.maximum(0, mean + z * np.sqrt(1.6 * mean + 0.2))
    return frame


def _series(level: float, history: str, change: float = 0.6) -> np.ndarray:
    time = np.arange(len(WEEKS))
    wave = level * (1 + 0.25 * np.sin(time / 8.0) + time / 150)
    after = (WEEKS >= TRUCE) & (history == HISTORIES[0])
    return np.where(after, wave * change, wave)


def _tables(histories: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    attacks, violence, threat = [], [], []
    levels = dict(zip(COALITIONS, (22, 9, 1.2, 1.5, 1.1, 3.0, 7, 5, 8, 2, 0.0), strict=True))
    for history in histories:
        attacks += [
            _banded(_series(level, history), {"history": history, "coalition": key}) for key, level in levels.items()
        ]
        violence += [
            _banded(_series(level, history), {"history": history, "country": iso3, "violence": str(kind)})
            for iso3, scale in (("MLI", 1.0), ("NER", 0.4), ("BFA", 0.9), ("BEN", 0.02))
            for kind, level in ((1, 25 * scale), (2, 9 * scale), (3, 14 * scale))
        ]
        threat += [
            _banded(_series(level, history, 1.2), {"history": history, "threat": key}) for key, level in THREATS.items()
        ]
    tables = {"attacks": pd.concat(attacks), "violence": pd.concat(violence), "threat": pd.concat(threat)}
    tables |= chart_tables(histories, tables, list(DATES))
    return tables | ({"differences_by_region": _by_region()} if len(histories) > 1 else {})


def _by_region() -> pd.DataFrame:
    # People by coalition and region; ISSP's gain in Gao is sure, JNIM's loss in Mopti is not.
    moved = {("issp", "MLI/Gao"): (40.0, 10.0, 80.0), ("jnim", "MLI/Mopti"): (-12.0, -30.0, 5.0)}
    keys = [(coalition, region) for coalition in COALITIONS for region in ("MLI/Gao", "MLI/Mopti", "NER/Tahoua")]
    rows = [
        {"date": WEEKS[-1], "coalition": c, "region": r, "measure": measure}
        | {name: 1000 * value for name, value in zip(("mean", "q05", "q95"), moved.get((c, r), (0, 0, 0)), strict=True)}
        for c, r in keys
        for measure in ("people", "area")
    ]
    return pd.DataFrame(rows)


def _events(histories: tuple[str, ...], folder: Path) -> None:
    # Every week an event in each of three neighbouring cells, and now and then one far away.
    cells = _cells()
    lat, lon, gid = (cells[name][1] for name in ("lat", "lon", "gid"))
    near = [int(gid[np.hypot(lat - 14.25, lon - x).argmin()]) for x in (-3.25, -2.75, -2.25)]
    far = int(gid[np.hypot(lat - 17.25, lon - 8.25).argmin()])
    rows = [{"date_start": str(week.date()), "priogrid_gid": cell} for week in WEEKS for cell in near]
    rows += [{"date_start": str(week.date()), "priogrid_gid": far} for week in WEEKS[::26]]
    folder.mkdir()
    for history in histories:
        pd.DataFrame(rows).to_csv(folder / f"{history}-00000.csv", index=False)


_INDEX = {
    f"{part}_{group}": 30.0 if part == "transnational" else 0.3
    for group in ("jnim", "issp")
    for part in ("transnational", "sanctuary", "capability", "links", "intent")
}
THREATS = {
    "capital_attacks_bamako": 0.8,
    "capital_attacks_niamey": 1.4,
    "capital_attacks_ouagadougou": 2.2,
    "complex_attacks_capitals": 0.3,
    **_INDEX,
    "littoral_attacks": 1.0,
    "littoral_support_cells": 6.0,
    "bases_overrun": 0.5,
    "civilians_killed": 40.0,
    "leaders_lost": 0.2,
    "capitals_taken": 0.0,
    "coups": 0.02,
    "large_attacks": 0.7,
    "displaced": 250_000.0,
    "displaced_abroad": 40_000.0,
}
