"""Static files that come from packages: the few of them that a page needs, and nothing else."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# Whole Bootstrap would be 517 files and a collectstatic of 14 s. The .map file is there because
# ManifestStaticFilesStorage rewrites sourceMappingURL and wants its target.
PACKAGE_FILES = {"bootstrap": ["css/bootstrap.min.css", "css/bootstrap.min.css.map"]}


class PackageFilesFinder(BaseFinder):
    """Finds `<package>/<path>` for the files named in PACKAGE_FILES."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storages = {}
        for package, paths in PACKAGE_FILES.items():
            spec = find_spec(package)
            if spec is None or not spec.submodule_search_locations:
                raise LookupError(f"package {package} is not installed")
            storage = FileSystemStorage(location=spec.submodule_search_locations[0])
            storage.prefix = package
            self.storages[package] = (storage, paths)
        super().__init__(*args, **kwargs)

    def find(self, path: str, find_all: bool = False, **_: Any) -> list[str] | str:
        """Return the file's place on disk; [] when it is none of ours."""
        package, _, rest = path.partition("/")
        storage, paths = self.storages.get(package, (None, ()))
        if rest not in paths:
            return []
        place = str(Path(storage.location) / rest)
        return [place] if find_all else place

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield (path inside the package, its storage)."""
        for storage, paths in self.storages.values():
            for path in paths:
                yield path, storage
