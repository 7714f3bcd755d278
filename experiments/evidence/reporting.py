"""Reporting: the tables, pictures and words of one or several hindcasts; losses as plainly as wins."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.evidence.areas import Areas, areas
from experiments.evidence.baselines import BASELINES
from experiments.evidence.draws import long_table, sample
from experiments.evidence.hindcasting import VIOLENCE, Question, Scoring, Told
from experiments.evidence.paired import paired
from experiments.evidence.panel import ALL, STATE_BASED, Reading, month_name
from experiments.evidence.releases import Source
from experiments.evidence.scoring import ALONE, RIVALS, SIMULATOR, by_family, by_unit, country_of, summary
from experiments.manifest import versions, write_json

SHARES = ("covered", "against")


@dataclass
class Report:
    """Grows by one question at a time.

    Attributes:
        levels: that are scored.
        sources: files of recorded events.
        reading: of recorded events.
        theatre: that is scored.
        figures: whether to draw.
        tables: scores of all questions so far.
        families: scores by dyad family.
        unscored: origins whose horizon the records do not reach.
    """

    levels: tuple[str, ...]
    sources: tuple[Source, ...]
    reading: Reading
    theatre: str
    figures: bool
    tables: list[pd.DataFrame] = field(default_factory=list)
    families: list[pd.DataFrame] = field(default_factory=list)
    unscored: list[str] = field(default_factory=list)

    def add(self, question: Question, told: Told, scoring: Scoring) -> None:
        """Write the draws of a question and, where the records reach so far, its scores and pictures."""
        question.results.mkdir(parents=True, exist_ok=True)
        for level in self.levels:
            write_draws(question, told.future, level, scoring.where)
        write_json(self._manifest(question), question.results / "hindcast.json")
        if not scoring.knows(question):
            self.unscored.append(str(question.origin))
            return
        scores = [scoring.score(question, told, level, v) for level in self.levels for v in VIOLENCE]
        self.tables += scores
        families = pd.concat(scoring.families(question, told))
        self.families.append(families)
        everything = pd.concat([*scores, families])
        everything.to_parquet(question.results / "scores.parquet", compression="zstd", index=False)
        summary(everything, KEYS).to_csv(question.results / "summary.csv", index=False, float_format="%.6g")
        if self.figures:
            self._draw(question, scores, scoring.where)
            self._draw_families(question, pd.concat([*scores, families]))

    def text(self) -> str:
        """All that is to be printed."""
        lines = [
            f"{origin}: the records do not reach to the end of the horizon, draws only" for origin in self.unscored
        ]
        if not self.tables:
            return "\n".join(lines)
        table = pd.concat(self.tables)
        several = [("Mean scores of all origins", summary(table, KEYS[1:]))] if table["origin"].nunique() > 1 else []
        parts = [
            *several,
            ("Mean scores; 'against' is CRPS against the better of the two conflictologies", summary(table, KEYS)),
            ("The simulator by country, all violence", _own(summary(_by_country(table), (*KEYS, "country")))),
            ("The simulator by dyad family, country-months", _own(summary(pd.concat(self.families), KEYS))),
            ("Paired differences of CRPS, all origins; negative is better for the simulator", differences(table)),
        ]
        return "\n\n".join([*lines, *(f"{title}\n{_printed(part)}" for title, part in parts)])

    def _manifest(self, question: Question) -> dict[str, Any]:
        asked = {"origin": question.origin, "horizon": question.horizon, "draws": question.draws}
        asked |= {"spinup": question.spinup, "start": question.case.start, "weeks": question.case.weeks}
        return {
            **{key: str(value) for key, value in asked.items()},
            "settings": question.settings.results,
            "observation": asdict(question.observation),
            "reading": asdict(self.reading) | {"theatre": self.theatre},
            "events": [source._asdict() for source in self.sources],
            "versions": versions(),
            "history": "of the scenario's events those that had begun by the origin, and no rules",
            "initial": "order_of_battle" if question.records is None else f"from_events {question.records.mark}",
            "correction": None if question.correcting is None else asdict(question.correcting),
        }

    def _draw(self, question: Question, scores: list[pd.DataFrame], where: Areas) -> None:
        from experiments.evidence.pictures import calibration, told, wins_and_losses
        from experiments.figures.style import save

        for table in scores:
            level, violence = str(table["level"].iloc[0]), str(table["violence"].iloc[0])
            title = told(level, violence, str(question.origin))
            name = f"{level}_{violence}.png"
            save(calibration(table, title), question.results / f"calibration_{name}", dpi=120)
            save(wins_and_losses(by_unit(table), where, title), question.results / f"wins_{name}", dpi=120)

    def _draw_families(self, question: Question, table: pd.DataFrame) -> None:
        from experiments.evidence.pictures import wins_by_family
        from experiments.figures.style import save

        own = table[(table["level"] == "country") & (table["violence"] != STATE_BASED)]
        if ALL not in set(own["violence"]):
            return
        picture = wins_by_family(by_family(own), str(question.origin))
        save(picture, question.results / "wins_by_family.png", dpi=120)


KEYS = ("origin", "level", "violence")


def write_draws(question: Question, future: pd.DataFrame, level: str, where: Areas) -> None:
    """The draws of a level as a table of unit, month, draw, violence, deaths; what is not there is 0."""
    first, count = question.span
    months = [month_name(first + ahead) for ahead in range(count)]
    own = [sample(future, level, where, question.span, question.draws, violence) for violence in VIOLENCE]
    tables = [long_table(values, where.units(level), months, v) for values, v in zip(own, VIOLENCE, strict=True)]
    joined = pd.concat([table.astype({"violence": str}) for table in tables], ignore_index=True)
    joined.to_parquet(question.results / f"draws_{level}.parquet", compression="zstd", index=False)


def differences(table: pd.DataFrame) -> pd.DataFrame:
    """Paired differences of the simulator's CRPS from that of baselines and the record alone, all origins."""
    rows: list[dict[str, Any]] = []
    for (level, violence), own in table.groupby(["level", "violence"], sort=False):
        scores = {str(model): _matrix(part) for model, part in own.groupby("model")}
        pairs = {rival: paired(scores[SIMULATOR], scores[rival]) for rival in (*BASELINES, ALONE) if rival in scores}
        rows += [{"level": level, "violence": violence, "rival": r} | pair._asdict() for r, pair in pairs.items()]
    return pd.DataFrame(rows)


def _matrix(part: pd.DataFrame) -> NDArray[np.float64]:
    """CRPS by unit and month, months of later origins behind those of earlier ones."""
    wide = part.pivot_table(index="unit", columns=["origin", "month"], values="crps", sort=True)
    return wide.to_numpy(np.float64)


def _own(table: pd.DataFrame) -> pd.DataFrame:
    """The simulator's lines with the better rival's CRPS."""
    own = table[table["model"] == SIMULATOR].drop(columns="model")
    keys = [column for column in own.columns if column in (*KEYS, "country")]
    rival = (
        table[table["model"].isin(RIVALS)].groupby(keys, sort=False)["crps"].min().rename("rival_crps").reset_index()
    )
    return own.merge(rival, on=keys)


def _printed(table: pd.DataFrame) -> str:
    shown = table.copy()
    for column in SHARES:
        if column in shown:
            signed = "{:+.1f} %" if column == "against" else "{:.1f} %"
            shown[column] = [signed.format(100 * value) if np.isfinite(value) else "-" for value in shown[column]]
    numbers = {c: [f"{value:.4g}" for value in shown[c]] for c in shown.columns if shown[c].dtype.kind == "f"}
    return str(shown.assign(**numbers).to_string(index=False))


def _by_country(table: pd.DataFrame) -> pd.DataFrame:
    own, where = table[table["violence"] == ALL], areas()
    return own.assign(country=[country_of(unit, where) for unit in own["unit"]])
