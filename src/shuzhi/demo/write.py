"""The example county, from dice to folder."""

import random
from pathlib import Path

from shuzhi.demo.answers import ONLY_HEADER, SILENT, answer_all, drop_unsent, write_records
from shuzhi.demo.book import Planted
from shuzhi.demo.county import County, lay_out_county
from shuzhi.demo.photos import FOLDER, attach_photos, write_photos
from shuzhi.demo.plants import plant_errors
from shuzhi.demo.setting import Setting
from shuzhi.demo.source_folder import write_source
from shuzhi.demo.truth import compute_truth
from shuzhi.demo.truth_file import write_truth
from shuzhi.packs.load import load_pack
from shuzhi.packs.model import Pack


def write_county(out: Path, seed: int = 1, *, pack_path: Path) -> None:
    """Write an example county's source folder and its truth into `out`.

    Shape: units.xlsx, receipts.csv, aliases.toml, 2022/ and 2023/ with the workbooks of every
    sender, evidence/ with photos, truth.json with `seed`, `figures` and `errors`. The same seed
    gives the same folder; every other seed another county of the same shape.
    """
    pack = load_pack(pack_path)
    rng = random.Random(seed)
    county = lay_out_county(rng, seed)
    setting = Setting(county, rng)
    records = drop_unsent(write_records(setting))
    plant_errors(setting, records)
    photos = attach_photos(setting, records)
    answers = answer_all(setting, records, pack.tables)
    out.mkdir(parents=True, exist_ok=True)
    planted = write_source(out, answers, pack.tables, county, rng)
    write_photos(out / FOLDER, photos)
    planted += _missing_returns(pack, county)
    figures = compute_truth(county, answers, pack)
    write_truth(out / "truth.json", seed, figures, planted)


def _missing_returns(pack: Pack, county: County) -> list[Planted]:
    """What the silent townships owe, and the sheet that was sent with its header only."""
    owed = [
        (table.name, sender, quarter)
        for sender, quarter in SILENT
        for table in pack.tables.values()
        if county.level_of(sender) in table.asked.levels and table.asked.every == "quarter"
    ]
    owed.append(ONLY_HEADER)
    return [
        Planted(
            "", "", 0, "", "missing_return", (("unit", unit), ("table", table), ("period", period))
        )
        for table, unit, period in owed
    ]
