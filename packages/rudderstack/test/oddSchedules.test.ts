/** Pauses of connections whose schedules this version does not read, or that cannot be sent back. */
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as RudderStack from "../src/RudderStack.ts"
import { open } from "./admin.ts"
import { onTheWire, recording, token } from "./recordingTransport.ts"

/** Pauses a connection. Returns what became of it, and the body that was sent. `after` is its schedule then. */
const pauseOf = Effect.fnUntraced(function* (connection: { readonly schedule: unknown }, after = connection.schedule) {
  const paused = { body: { ...connection, enabled: false, schedule: after } }
  const transport = recording({ body: connection }, { body: connection }, paused, paused)
  const { administration } = yield* open({ token, transport: transport.service })
  const ref = yield* RudderStack.syncRef("prod", { connection: "c" })
  const result = yield* Effect.result(administration.pause(ref))
  const sent = transport.requests.map(onTheWire).find(({ method }) => method === "PUT")
  return { result, sent: JSON.parse(String(sent?.body)) as unknown }
})

const conflict = {
  _tag: "Failure",
  failure: {
    _tag: "ChangeConflict",
    sync: { state: "paused" },
    fields: [{ field: "schedule", after: { type: "manual" } }],
  },
}

it.effect.each<[schedule: object, sent: object]>([
  [
    { type: "basic", everyMinutes: 1 },
    { type: "basic", everyMinutes: 1 },
  ],
  [
    { type: "cron", cronExpression: "  @every day,  about noon " },
    { type: "cron", cronExpression: "  @every day,  about noon " },
  ],
  [
    { type: "cron", cronExpression: "" },
    { type: "cron", cronExpression: "" },
  ],
  [
    { type: "cron", cronExpression: "0 6 * * *", timeZone: "Asia/Tokyo", everyMinutes: 0 },
    { type: "cron", cronExpression: "0 6 * * *", timeZone: "Asia/Tokyo" },
  ],
  [
    { type: "manual", since: "2026-11-01" },
    { type: "manual", since: "2026-11-01" },
  ],
  [
    { type: "lunar", phase: { name: "full" }, everyMinutes: null },
    { type: "lunar", phase: { name: "full" } },
  ],
])("A4: a pause sends the schedule %j back, whatever the bounds of a new one", ([schedule, sent]) =>
  Effect.gen(function* () {
    const connection = { id: "c", sourceId: "s", destinationId: "d", enabled: true, schedule }
    expect(yield* pauseOf(connection)).toMatchObject({
      result: { _tag: "Success", success: { state: "paused" } },
      sent: { schedule: sent, enabled: false },
    })
  }),
)

it.effect.each<[schedule: unknown]>([[undefined], [null], ["hourly"], [[]]])(
  "A4: a pause works where the connection shows the schedule %j",
  ([schedule]) =>
    Effect.gen(function* () {
      const connection = { id: "c", sourceId: "s", destinationId: "d", enabled: true, schedule }
      const { result, sent } = yield* pauseOf(connection, { type: "manual" })
      expect(sent).toEqual({ schedule: { type: "manual" }, enabled: false })
      expect(result).toMatchObject({ _tag: "Success", success: { state: "paused" } })
    }),
)

it.effect.each<[schedule: object]>([
  [{}],
  [{ type: "basic" }],
  [{ type: "basic", everyMinutes: "an hour" }],
  [{ type: "cron" }],
])("A4, A6: a pause takes the schedule %j away, which cannot be sent back, and says so", ([schedule]) =>
  Effect.gen(function* () {
    const connection = { id: "c", sourceId: "s", destinationId: "d", enabled: true, schedule }
    const { result, sent } = yield* pauseOf(connection, { type: "manual" })
    expect(sent).toEqual({ schedule: { type: "manual" }, enabled: false })
    expect(result).toMatchObject(conflict)
  }),
)
