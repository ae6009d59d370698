"""Runs a program of the docs in place of Airflow or Dagster: stands in for their modules, and for the folder of the syncs.

    python3 orchestrators.py airflow_nightly.py FOLDER orders RUN
    python3 orchestrators.py dagster_nightly.py FOLDER orders PARTITION

Prints one line of JSON: what the task returned, or the class of what it raised and whether another try follows.
"""

import json
import logging
import runpy
import subprocess
import sys
import types


class Raised(Exception):
    pass


class AirflowException(Raised):
    tries_again = True


class AirflowFailException(AirflowException):
    tries_again = False


class Failure(Raised):
    def __init__(self, description, allow_retries=True):
        super().__init__(description)
        self.tries_again = allow_retries


class Task:
    made = []

    def __init__(self, function, **options):
        self.function, self.options = function, options

    def override(self, **options):
        return Task(self.function, **{**self.options, **options})

    def __call__(self, *inputs):
        Task.made.append((self.options["task_id"], self.function, inputs))


def module(name, **members):
    made = sys.modules[name] = types.ModuleType(name)
    vars(made).update(members)
    return made


def decorator(wrap):
    return lambda **options: lambda function: wrap(function, **options)


module("airflow")
module("airflow.exceptions", AirflowException=AirflowException, AirflowFailException=AirflowFailException)
module("airflow.sdk", task=decorator(Task), dag=decorator(lambda function, **_: function))
module(
    "dagster",
    AssetExecutionContext=object,
    DailyPartitionsDefinition=dict,
    Definitions=dict,
    Failure=Failure,
    MaterializeResult=lambda metadata: metadata,
    RetryPolicy=dict,
    asset=decorator(lambda function, **_: function),
    build_schedule_from_partitioned_job=lambda job: job,
    define_asset_job=lambda name, selection: name,
)

program, folder, sync, occasion = sys.argv[1:]
run = subprocess.run
subprocess.run = lambda command, cwd, **options: run(
    [command[0].replace("/srv/retl", folder), *command[1:]], cwd=folder, **options
)
logged = open(f"{folder}/orchestrator.log", "a")
sys.stdout, printed = logged, sys.stdout

members = runpy.run_path(program)
try:
    if "airflow" in program:
        [function] = [function for name, function, _ in Task.made if name == sync]
        result = function(sync, dag_run=types.SimpleNamespace(dag_id="nightly_syncs", run_id=occasion))
    else:
        context = types.SimpleNamespace(partition_key=occasion, log=logging.getLogger())
        result = members[f"{sync}_in_crm"](context)
    print(json.dumps({"returned": result}), file=printed)
except Raised as raised:
    print(json.dumps({"raised": type(raised).__name__, "triesAgain": raised.tries_again}), file=printed)
