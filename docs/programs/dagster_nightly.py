"""A sync as an asset of Dagster, with a partition for each night. A retry goes on with the run of the first attempt."""

import json
import subprocess

import dagster as dg

# After these exit codes another try helps: with its key it goes on with the same run.
TRY_AGAIN = {6, 7, 9, 10, 12, 129, 130, 143}

nights = dg.DailyPartitionsDefinition(start_date="2026-11-01")


@dg.asset(partitions_def=nights, retry_policy=dg.RetryPolicy(max_retries=6, delay=300))
def orders_in_crm(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    key = f"orders_in_crm/{context.partition_key}"
    command = ["/srv/retl/node_modules/.bin/openretl", "run", "orders", "--key", key, "--deadline", "2 hours", "--json"]
    finished = subprocess.run(command, cwd="/srv/retl", stdout=subprocess.PIPE, text=True)
    context.log.info(finished.stdout)
    if finished.returncode != 0:
        raise dg.Failure(
            description=f"orders: exit code {finished.returncode}",
            allow_retries=finished.returncode in TRY_AGAIN,
        )
    events = [json.loads(line) for line in finished.stdout.splitlines()]
    rows = next(event["rows"]["succeeded"] for event in events if event["event"] == "ended")
    return dg.MaterializeResult(metadata={"rows": rows})


defs = dg.Definitions(
    assets=[orders_in_crm],
    schedules=[dg.build_schedule_from_partitioned_job(dg.define_asset_job("nightly", [orders_in_crm]))],
)
