#!/usr/bin/env python3
"""Validates the Databricks bundle against the JSON schema that the Databricks CLI prints.

    databricks bundle schema > schema.json     # or bundle/schema/jsonschema.json of the CLI's sources
    tests/check_bundle.py schema.json          # needs the packages PyYAML and jsonschema

It also compares app.yaml with the app in the bundle, and shows that a planted mistake is found.
"""
import copy
import json
import pathlib
import re
import sys

import jsonschema
import yaml

RESOURCES = pathlib.Path(__file__).resolve().parent.parent / "resources"
FILES = ["databricks_app/databricks.yml", "lakebase.yml", "lakebase_autoscaling.yml"]


def load(name):
    return yaml.safe_load((RESOURCES / name).read_text())


def mistakes(validator, document):
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}" for each in validator.iter_errors(document)]


def as_app_yaml(config):
    env = [{"valueFrom" if key == "value_from" else key: value for key, value in each.items()} for each in config["env"]]
    return {"command": config["command"], "env": env}


def main():
    # Its patterns are of Go's dialect, where \p{L} is a letter and \p{N} a digit.
    text = re.sub(r"\\\\p\{(\w)\}", lambda each: {"L": "a-zA-Z", "N": "0-9"}[each[1]],
                  pathlib.Path(sys.argv[1]).read_text())
    validator = jsonschema.Draft202012Validator(json.loads(text))
    found = [f"{name}: {each}" for name in FILES for each in mistakes(validator, load(name))]

    autoscaling = load("lakebase_autoscaling.yml")
    app = autoscaling["resources"]["apps"]["genie_slack"]
    if as_app_yaml(app["config"]) != load("databricks_app/app.yaml"):
        found.append("app.yaml differs from the app in lakebase_autoscaling.yml")
    names = {each["name"] for each in app["resources"]}
    found += [f"env {each['name']}: there is no resource {each['value_from']}"
              for each in app["config"]["env"] if each.get("value_from", "") not in names | {""}]

    for change in ({"source_code_paths": "."}, {"resources": [{"name": "s", "secret": {"scope": "s", "key": "k"}}]}):
        planted = copy.deepcopy(autoscaling)
        planted["resources"]["apps"]["genie_slack"].update(change)
        if not mistakes(validator, planted):
            found.append(f"the schema does not see a planted mistake: {change}")
    print("\n".join(found) or f"{len(FILES)} files fit the schema, and planted mistakes do not")
    return 1 if found else 0


sys.exit(main())
