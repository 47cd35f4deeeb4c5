"""The committed JSON Schemas, and content files as an editor that follows YAML 1.2 reads them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from tests.conftest import ROOT

FOLDER = ROOT / "schema"


class _Core(yaml.SafeLoader):
    """The core schema of YAML 1.2: dates are text, keys are text, a key may stand once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) < len(keys):
            raise yaml.YAMLError(f"duplicate key in {keys}")
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}


_Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+0123456789.")),
):
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), first)
_Core.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))
_Core.add_constructor("tag:yaml.org,2002:float", lambda _, node: float(node.value))
_Core.add_constructor("tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node, deep=True))


def core(text: str) -> Any:
    """A text as YAML 1.2 reads it; yaml.YAMLError where an editor shows that it is not YAML."""
    return yaml.load(text, _Core)


@cache
def validator(kind: str) -> Draft7Validator:
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}
    registry = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in schemas.items())
    return Draft7Validator(schemas[f"{kind}.json"], registry=registry)


def kind_of(file: Path, content: Path) -> str | None:
    """Which schema `.vscode/settings.json` gives a file of a content folder."""
    place = file.relative_to(content)
    if place.suffix != ".yaml":
        return None
    if place.parent.name == "agencies":
        return "agency"
    return "notice" if place.parts[0] == "notices" else {"site.yaml": "site", "regions.yaml": "regions"}.get(place.name)


def faults(file: Path, content: Path) -> list[str]:
    """What an editor underlines in a file."""
    kind = kind_of(file, content)
    if kind is None:
        return []
    try:
        value = core(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return [f"not YAML: {error}"]
    return [f"{error.json_path}: {error.message}" for error in validator(kind).iter_errors(value)]
