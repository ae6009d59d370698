/**
 * What operators see of OpenRETL, as data: the spans, metrics and log lines that core emits. Programs that build dashboards and
 * alerts read names from here, and `docs/telemetry.md` is printed from it.
 */
export { named, SyncName } from "./syncName.ts"
