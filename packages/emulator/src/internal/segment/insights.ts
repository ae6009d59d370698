/** What was delivered to a destination: the rows of the runs that ended in the range, in one sum. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Route } from "../engine/dialect.ts"
import type { Setting } from "../engine/make.ts"
import type { Incoming } from "../http/incomingRequest.ts"
import { countsAt, finishedAt } from "../world/run.ts"
import type { Account } from "./account.ts"
import * as Validate from "./body.ts"
import * as Media from "./media.ts"
import * as Wire from "./wire.ts"

const hour = 3_600_000
const day = 24 * hour

/** How long a range may be, how far back it may start, and where it starts unless told. */
const bounds = {
  MINUTE: { longest: 4 * hour, oldest: 48 * hour, usual: hour },
  HOUR: { longest: 7 * day, oldest: 7 * day, usual: 7 * day },
  DAY: { longest: 14 * day, oldest: 14 * day, usual: 14 * day },
} as const

const isGranularity = (word: string): word is keyof typeof bounds => Object.hasOwn(bounds, word)

export const metrics = (
  { world, settings }: Setting<SegmentSwitches>,
  account: Account,
  destination: string,
  incoming: Incoming,
): Route => ({
  operation: "insights",
  handle: ({ now, view }) => {
    const sourceId = incoming.query.get("sourceId") ?? ""
    const word = incoming.query.get("granularity") ?? "MINUTE"
    const granularity = isGranularity(word) ? word : undefined
    const { longest, oldest, usual } = bounds[granularity ?? "MINUTE"]
    const end = instant(incoming.query.get("endTime")) ?? now
    const start = instant(incoming.query.get("startTime")) ?? end - usual
    const problems = [
      ...(sourceId === "" ? [Validate.field(["sourceId"], "is required")] : []),
      ...(granularity === undefined ? [Validate.field(["granularity"], "must be one of [DAY, HOUR, MINUTE]")] : []),
      ...(Number.isNaN(end) ? [Validate.field(["endTime"], "must be a valid date")] : []),
      ...(Number.isNaN(start) ? [Validate.field(["startTime"], "must be a valid date")] : []),
      ...(end - start > longest ? [Validate.field(["startTime"], "is too far from the end")] : []),
      ...(end < start ? [Validate.field(["endTime"], "must not be before startTime")] : []),
      ...(now - start > oldest ? [Validate.field(["startTime"], "is too long ago")] : []),
    ]
    if (problems.length > 0) return Wire.failure(422, ...problems)
    const found = account.destinations.get(destination)
    if (found === undefined) return Wire.notFound("Destination", destination)
    if (!account.hasSource(sourceId)) return Wire.notFound("Source", sourceId)
    let [successes, discarded] = [0, 0]
    for (const sync of account.subscriptions(destination)) {
      world.advance(sync, now)
      for (const run of sync.runs) {
        const over = finishedAt(run)
        if (over < start || over > Math.min(end, view)) continue
        const counts = countsAt(run, view)
        successes += counts.succeeded
        discarded += counts.failed
      }
    }
    return Media.answer(settings(), Media.beta, {
      deliveryMetricsSummary: {
        sourceId,
        destinationMetadataId: found.kind.metadata.id,
        metrics: [
          {
            metricName: "successes",
            total: successes,
            breakdown: [
              { metricName: "successes_on_first_attempt", value: successes },
              { metricName: "successes_after_retry", value: 0 },
            ],
          },
          { metricName: "expired", total: 0 },
          { metricName: "discarded", total: discarded },
          { metricName: "retried", total: 0 },
          timing("time_to_success"),
          timing("time_to_first_attempt"),
        ],
      },
    })
  },
})

const timing = (metricName: string) => ({
  metricName,
  total: 0,
  breakdown: [
    { metricName: `${metricName}_average`, value: 0 },
    { metricName: `${metricName}_p95`, value: 0 },
  ],
})

/** `NaN` for what is no time. */
const instant = (text: string | null): number | undefined =>
  text === null ? undefined : /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
