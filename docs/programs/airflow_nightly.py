"""Nightly syncs in Airflow: one task each. A retry, or a task that is cleared, goes on with the run of the first attempt."""

import json
import subprocess
from datetime import datetime, timedelta

from airflow.exceptions import AirflowException, AirflowFailException
from airflow.sdk import dag, task

# After these exit codes another try helps: with its key it goes on with the same run.
TRY_AGAIN = {6, 7, 9, 10, 12, 129, 130, 143}


@task(retries=6, retry_delay=timedelta(minutes=5))
def run_sync(sync, dag_run=None):
    key = f"{dag_run.dag_id}/{dag_run.run_id}"
    command = ["/srv/retl/node_modules/.bin/openretl", "run", sync, "--key", key, "--deadline", "2 hours", "--json"]
    finished = subprocess.run(command, cwd="/srv/retl", stdout=subprocess.PIPE, text=True)
    print(finished.stdout)
    if finished.returncode in TRY_AGAIN:
        raise AirflowException(f"{sync}: exit code {finished.returncode}, to be tried again")
    if finished.returncode != 0:
        raise AirflowFailException(f"{sync}: exit code {finished.returncode}, see the lines above")
    return json.loads(finished.stdout.splitlines()[-1])


@dag(schedule="0 2 * * *", start_date=datetime(2026, 11, 1), catchup=False, max_active_runs=1)
def nightly_syncs():
    for sync in ["orders", "refunds", "audience"]:
        run_sync.override(task_id=sync)(sync)


nightly_syncs()
