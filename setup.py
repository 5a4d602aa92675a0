"""Adds the data beside the package, ontology/, seeds/ and queries/, to the wheel as kg/data/."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DATA = ("ontology", "seeds", "queries")


class BuildWithData(build_py):
    """Copies the data folders; everything else is in pyproject.toml."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:  # a checkout reads the folders where they stand
            return
        for name in DATA:
            target = Path(self.build_lib, "kg", "data", name)
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(name, target)


setup(cmdclass={"build_py": BuildWithData})
