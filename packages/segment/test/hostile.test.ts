import { describe, expect, it } from "@effect/vitest"
import { attacks } from "@openretl/conformance/Attacks"
import { Effect } from "effect"
import { attacksOf, form } from "../../../scripts/forms.ts"
import * as Segment from "../src/Segment.ts"
import { client, recording } from "./recordingTransport.ts"
import { target } from "./target.ts"

attacks(target, { runs: form(6, 100), only: attacksOf("segment") })

describe("H1: an id of dots", () => {
  it.effect.each([".", ".."])("the id %j is in no path, but in the body of a start", (model) =>
    Effect.gen(function* () {
      const transport = recording({ body: { data: { reverseETLManualSync: { syncId: "1" } } } })
      const driver = Segment.driver(yield* client(transport))
      expect(yield* driver.runs.start({ source: "src", model, subscription: "sub" })).toBe("1")
      expect(transport.requests.map(({ url }) => url)).toEqual(["https://api.segmentapis.com/reverse-etl-syncs"])
    }),
  )
})
