import { describe, expect, it } from "@effect/vitest"
import { VendorId } from "@openretl/core/Ref"
import { Schema } from "effect"
import * as Arbitrary from "effect/Arbitrary"
import * as GoDuration from "../src/internal/goDuration.ts"
import * as Mapping from "../src/internal/mapping.ts"
import * as Paging from "../src/internal/paging.ts"
import * as Api from "../src/SegmentApi.ts"
import { DeliveryMetricsQuery, Granularity } from "../src/SegmentDestinationsApi.ts"
import { roundTrip } from "./roundTrip.ts"

describe("requests survive a round trip", () => {
  it.effect.prop("a start", { request: Arbitrary.schema(Api.CreateManualSyncRequest) }, ({ request }) =>
    roundTrip(Api.CreateManualSyncRequest, request),
  )

  it.effect.prop("a cancel", { request: Arbitrary.schema(Api.CancelSyncRequest) }, ({ request }) =>
    roundTrip(Api.CancelSyncRequest, request),
  )

  it.effect.prop("the list of runs", { query: Arbitrary.schema(Api.ListSyncStatusesQuery) }, ({ query }) =>
    roundTrip(Api.ListSyncStatusesQuery, query),
  )

  it.effect.prop("the other lists", { query: Arbitrary.schema(Paging.Query) }, ({ query }) =>
    roundTrip(Paging.Query, query),
  )

  const Hours = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4 }))
  it.effect.prop(
    "metrics",
    {
      sourceId: Arbitrary.schema(VendorId),
      granularity: Arbitrary.schema(Granularity),
      hours: Arbitrary.schema(Hours),
    },
    ({ hours, ...query }) =>
      roundTrip(DeliveryMetricsQuery, {
        ...query,
        startTime: "2026-08-06T16:00:00Z",
        endTime: `2026-08-06T${16 + hours}:00:00Z`,
      }),
  )
})

describe("mappings", () => {
  const Column = Schema.String.check(Schema.isPattern(/^[^.{}[\]\s]+$/))
  /** Keys that begin with `@` are directives; a dot in a key would look like a path. */
  const Field = Schema.String.check(Schema.isPattern(/^[a-z_]{1,8}$/))

  it.prop(
    "a mapping is decoded from settings in both forms, also within a group",
    { columns: Arbitrary.schema(Schema.Record(Field, Column)), form: Arbitrary.schema(Schema.Literals([0, 1])) },
    ({ columns, form }) => {
      const filled = Object.entries(columns).map(([to, from]) => [
        to,
        form === 0 ? { "@path": `$.properties.${from}` } : { "@template": `{{properties.${from}}}` },
      ])
      const fields = Object.fromEntries(filled)
      const expected = Object.entries(columns).map(([to, from]) => ({ from, to }))
      expect(Mapping.fromSettings(fields)).toEqual({ mapping: expected, unreadMapping: [], vendorFields: [] })
      if (expected.length > 0) {
        expect(Mapping.fromSettings({ group: fields }).mapping).toEqual(
          expected.map(({ from, to }) => ({ from, to: `group.${to}` })),
        )
      }
    },
  )
})

it.prop(
  "a duration in whole milliseconds survives a round trip",
  { millis: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1_000 * 3_600_000 }))) },
  ({ millis }) => {
    expect(GoDuration.parse(GoDuration.format(millis))).toBe(millis)
  },
)
