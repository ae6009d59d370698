/**
 * What operators see of OpenRETL, as data: the spans, metrics and log lines that core emits. Programs that build dashboards and
 * alerts read names from here, and `docs/telemetry.md` is printed from it.
 *
 * Within one edition, names, units and meanings stay as they are; attributes, values, spans, metrics and lines may be added.
 */

export type { Attribute, AttributeName } from "./attributes.ts"
export { attributes } from "./attributes.ts"
export type { LogLine, Message } from "./logs.ts"
export { annotations, lines } from "./logs.ts"
export { maxLinks } from "./maxLinks.ts"
export type { Metric, MetricName } from "./metrics.ts"
export { metrics } from "./metrics.ts"
export type { CallName, PartName, Span } from "./spans.ts"
export { calls, parts, request } from "./spans.ts"
export { named, SyncName } from "./syncName.ts"

/** The edition of the contract. */
export const edition = "openretl-telemetry/1"
