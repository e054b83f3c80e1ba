#!/usr/bin/env bash
# expected: a DMN table of hit policy UNIQUE in which two rules match is an error, and RULE ORDER gives all that match.
# happens: SpiffWorkflow answers with the first rule in both cases, without a word, and with nothing at all where no rule matches.
# engine: bands and choices are proved to meet without gap or overlap before anything is scored (par check).
# SpiffWorkflow 3.2.0, lxml 6.0.2.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
python3 -m venv env && env/bin/pip install -q --disable-pip-version-check SpiffWorkflow==3.2.0 lxml==6.0.2 2>/dev/null
env/bin/python - <<'PY' | tee seen.txt
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
RULES = "".join(
    f'<rule id="r{n}"><inputEntry id="i{n}"><text>&gt;= {least}</text></inputEntry>'
    f'<outputEntry id="o{n}"><text>{points}</text></outputEntry></rule>'
    for n, (least, points) in enumerate(((80, "1"), (70, "0.5")))
)

class Flow:
    script_engine = PythonScriptEngine()

class Task:
    workflow = Flow

    def __init__(self, rate):
        self.data = {"rate": rate}

for policy in ("UNIQUE", "RULE ORDER", "COLLECT"):
    text = (
        f'<definitions xmlns="{SPACE}" id="d" name="d" namespace="n"><decision id="score" name="score">'
        f'<decisionTable id="t" hitPolicy="{policy}"><input id="i" label="rate"><inputExpression id="e" typeRef="number">'
        f'<text>rate</text></inputExpression></input><output id="o" label="points" name="points" typeRef="number"/>'
        f"{RULES}</decisionTable></decision></definitions>"
    )
    parser = DMNParser(None, etree.fromstring(text), {"dmn": SPACE})
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])
    print(policy, dict(engine.result(Task(85))), dict(engine.result(Task(60))))
PY
diff seen.txt - <<'SEEN'
UNIQUE {'points': 1} {}
RULE ORDER {'points': 1} {}
COLLECT {'points': [1, 0.5]} {}
SEEN
