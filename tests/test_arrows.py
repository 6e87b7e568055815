"""The arrows between rooms (house-style.md, section 1), held by the contracts in pyproject.toml."""

import sys
from pathlib import Path

import pytest
from importlinter import api
from importlinter.application import use_cases

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = {
    contract["id"]: contract
    for contract in api.read_configuration(str(ROOT / "pyproject.toml"))["contracts_options"]
}


def _packages(folder: Path) -> set[str]:
    return {path.parent.name for path in folder.glob("*/__init__.py")}


def test_every_arrow_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    assert use_cases.lint_imports("pyproject.toml", cache_dir=None, no_logo=True), "see output"


def test_forbidden_import_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The control: were the linter blind, the test above would pass as well."""
    house = tmp_path / "blindhouse"
    for floor, text in {"top": "", "ground": "from blindhouse.top import anything\n"}.items():
        (house / floor).mkdir(parents=True)
        (house / floor / "__init__.py").write_text(text)
    (house / "__init__.py").write_text("")
    (tmp_path / "arrows.toml").write_text(
        "[tool.importlinter]\n"
        'root_package = "blindhouse"\n'
        "[[tool.importlinter.contracts]]\n"
        'name = "floors"\n'
        'type = "layers"\n'
        'layers = ["blindhouse.top", "blindhouse.ground"]\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "blindhouse", raising=False)

    kept = use_cases.lint_imports("arrows.toml", cache_dir=None, no_logo=True)

    assert not kept
    assert "blindhouse.ground -> blindhouse.top" in capsys.readouterr().out


def test_every_package_has_its_floor() -> None:
    floors = " ".join(CONTRACTS["floors"]["layers"])

    assert {name for name in _packages(ROOT / "plans") if f"plans.{name})" not in floors} == set()


def test_every_pure_package_is_kept_from_django() -> None:
    pure = {
        f"plans.{name}" for name in _packages(ROOT / "plans") & {"documents", "phrases", "signing"}
    }

    assert set(CONTRACTS["pure"]["source_modules"]) == pure
