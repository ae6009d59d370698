/** Delivery metrics of a destination: the rows of its runs that ended in a range, in one sum. */

import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import type { Route } from "../../kit/Route.ts"
import { countsAt, finishedAt } from "../../kit/RunState.ts"
import type { Account } from "./account.ts"
import { fieldProblem } from "./body.ts"
import * as Media from "./media.ts"
import * as Wire from "./wire.ts"

const hour = 3_600_000
const day = 24 * hour

/** By granularity: the longest range, the oldest start, and the default length. In milliseconds. */
const bounds = {
  MINUTE: { maxLength: 4 * hour, maxAge: 48 * hour, defaultLength: hour },
  HOUR: { maxLength: 7 * day, maxAge: 7 * day, defaultLength: 7 * day },
  DAY: { maxLength: 14 * day, maxAge: 14 * day, defaultLength: 14 * day },
} as const

const isGranularity = (word: string): word is keyof typeof bounds => Object.hasOwn(bounds, word)

export const deliveryMetrics = (account: Account, destinationId: string, { query }: IncomingRequest): Route => ({
  operation: "insights",
  handle: ({ now, asOf }) => {
    const sourceId = query.get("sourceId") ?? ""
    const word = query.get("granularity") ?? "MINUTE"
    const granularity = isGranularity(word) ? word : undefined
    const { maxLength, maxAge, defaultLength } = bounds[granularity ?? "MINUTE"]
    const end = parseInstant(query.get("endTime")) ?? now
    const start = parseInstant(query.get("startTime")) ?? end - defaultLength
    const problems = [
      ...(sourceId === "" ? [fieldProblem(["sourceId"], "is required")] : []),
      ...(granularity === undefined ? [fieldProblem(["granularity"], "must be one of [DAY, HOUR, MINUTE]")] : []),
      ...(Number.isNaN(end) ? [fieldProblem(["endTime"], "must be a valid date")] : []),
      ...(Number.isNaN(start) ? [fieldProblem(["startTime"], "must be a valid date")] : []),
      ...(end - start > maxLength ? [fieldProblem(["startTime"], "is too far from the end")] : []),
      ...(end < start ? [fieldProblem(["endTime"], "must not be before startTime")] : []),
      ...(now - start > maxAge ? [fieldProblem(["startTime"], "is too long ago")] : []),
    ]
    if (problems.length > 0) return Wire.failure(422, ...problems)
    const destination = account.destinations.get(destinationId)
    if (destination === undefined) return Wire.notFound("Destination", destinationId)
    if (!account.hasSource(sourceId)) return Wire.notFound("Source", sourceId)
    let [successes, discarded] = [0, 0]
    for (const sync of account.subscriptionsOf(destinationId)) {
      account.world.advance(sync, now)
      for (const run of sync.runs) {
        const finish = finishedAt(run)
        if (finish < start || finish > Math.min(end, asOf)) continue
        const counts = countsAt(run, asOf)
        successes += counts.succeeded
        discarded += counts.failed
      }
    }
    return Media.dataReply(account.currentSwitches(), Media.beta, {
      deliveryMetricsSummary: {
        sourceId,
        destinationMetadataId: destination.kind.metadata.id,
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
          emptyDurationMetric("time_to_success"),
          emptyDurationMetric("time_to_first_attempt"),
        ],
      },
    })
  },
})

const emptyDurationMetric = (metricName: string) => ({
  metricName,
  total: 0,
  breakdown: [
    { metricName: `${metricName}_average`, value: 0 },
    { metricName: `${metricName}_p95`, value: 0 },
  ],
})

/** Returns `NaN` where the text is not a time. */
const parseInstant = (text: string | null): number | undefined =>
  text === null ? undefined : /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
