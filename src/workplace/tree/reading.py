"""A tree read from a file by the engine, with what is wrong with it in its own words."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from shuzhi.ledgers.read import read_source
from shuzhi.packs.model import Pack
from shuzhi.units import UnitTree
from workplace.programme import packs
from workplace.tree.changes import ChangeRefused

LARGEST = 20 * 2**20
_KINDS = {".xlsx", ".xls", ".ods", ".et", ".csv"}


def read_tree(file: UploadedFile, lang: str) -> UnitTree:
    """The tree. The file is laid into a folder of its own under a name that we choose.

    Raises: InputRefused for a file of another kind or too large, one without a table of units, and
    a tree that contradicts itself.
    """
    ending = Path(file.name or "").suffix.lower()
    if ending not in _KINDS:
        raise ChangeRefused(_("Only .xlsx, .xls, .ods, .et and .csv files are read."))
    if (file.size or 0) > LARGEST:
        raise ChangeRefused(_("The file is larger than 20 MB."))
    pack: Pack = next(iter(packs().values()))
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"{pack.units_table.label['zh']}{ending}"
        with target.open("wb") as stream:
            for chunk in file.chunks():
                stream.write(chunk)
        return read_source(Path(folder), pack, lang=lang).units
