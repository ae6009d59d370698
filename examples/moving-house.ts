/**
 * Moving house: a sync moves from Segment to Zeotap.
 *
 * 1. It is exported. What of it can Zeotap express, and what is lost or left to a person?
 * 2. It is created there, disabled: nothing fires.
 * 3. The switch: the old one off, then the new one on. Never are both.
 * 4. Its first run there, side by side with the last run here.
 * 5. The rows differ, so the switch goes back: the same call, with the two exchanged.
 *
 * Run it with `npm run example moving-house`.
 */

import * as Fleet from "@openretl/core/Fleet"
import * as Move from "@openretl/core/Move"
import { Sync } from "@openretl/core/Sync"
import { Transport } from "@openretl/core/Transport"
import { RoutingTransport, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import { Segment, SegmentAdmin } from "@openretl/segment"
import { ZeotapAdmin } from "@openretl/zeotap"
import { Console, Effect, Redacted, Schema } from "effect"
import { virtually } from "./support/virtualTime.ts"

const openFleet = Effect.gen(function* () {
  const old = yield* SegmentEmulator.make()
  const next = yield* ZeotapEmulator.make()
  const ids = yield* old.addSync({
    name: "Customers to CRM",
    schedule: { cron: "30 6 * * *", timeZone: "Europe/Berlin" },
  })
  // What the sync is to be built on at Zeotap was set up there by hand, with its own credentials.
  const parts = yield* next.addParts("Customers")
  yield* old.script(ids, [{ duration: "2 minutes", rows: { succeeded: 12_480 } }])
  const fleet = yield* Effect.gen(function* () {
    return yield* Fleet.make({
      old: yield* SegmentAdmin.workspace({ name: "old", region: "us", token: Redacted.make(old.token) }),
      next: yield* ZeotapAdmin.workspace({
        name: "next",
        workspaceId: next.workspace.id,
        token: Redacted.make(next.token),
      }),
    })
  }).pipe(Effect.provideService(Transport, RoutingTransport.make(old, next)))
  const customers = yield* Segment.syncRef("old", {
    source: ids["source"] ?? "",
    model: ids["model"] ?? "",
    subscription: ids["subscription"] ?? "",
  })
  return { fleet, customers, parts, next }
})

/** Each part of a sync, what becomes of it, and why. */
export const lines = ({ items }: Move.Report): ReadonlyArray<string> => {
  const width = Math.max(...items.map(({ field }) => field.length)) + 2
  return items.flatMap(({ fate, field, value, note }) => [
    `${fate.padEnd(9)}${field.padEnd(width)}${value}`,
    ...(note === undefined ? [] : [`${" ".repeat(9 + width)}${note}`]),
  ])
}

const main = Effect.gen(function* () {
  const { fleet, customers, parts, next } = yield* openFleet
  const last = yield* fleet.run(customers, { whenRunning: "fail" })

  const sync = yield* fleet.getSync(customers)
  // The export: JSON that can be kept, compared and read back (`Schema.decodeUnknownEffect(Sync)`).
  yield* Console.log(`${JSON.stringify(yield* Schema.encodeEffect(Sync)(sync)).slice(0, 100)}...`)

  const report = Move.report(sync, ZeotapAdmin.target)
  yield* Effect.forEach(lines(report), (line) => Console.log(line))

  const made = yield* fleet.createSync(
    "next",
    ZeotapAdmin.definition({
      name: "Customers to CRM",
      model: parts["model"] ?? "",
      destination: parts["destination"] ?? "",
      mode: "upsert",
      primaryKey: "customer_id",
      mapping: [{ from: "email", to: "Email" }],
      ...(report.schedule !== undefined && { schedule: report.schedule }),
    }),
  )
  yield* Console.log(`created: ${made.ref} is ${made.state}`)

  const there = yield* Move.switchOver(fleet, { from: customers, to: made.ref, whenRunning: "wait" })
  yield* Console.log(`switched: here ${there.from.state}, there ${there.to.state}`)

  // The first run there loses a thousand rows.
  yield* next.script(made.ref.ids, [{ duration: "3 minutes", rows: { succeeded: 11_480 } }])
  const first = yield* fleet.run(made.ref, { whenRunning: "wait" })
  const { verdict, counts } = Move.sideBySide(last.run, first.run)
  for (const { count, from, to } of counts)
    yield* Console.log(`${count}: ${from ?? "not told"} here, ${to ?? "not told"} there`)
  yield* Console.log(`verdict: ${verdict}`)

  if (verdict === "different") {
    const back = yield* Move.switchOver(fleet, { from: made.ref, to: customers, whenRunning: "wait" })
    yield* Console.log(`switched back: here ${back.to.state}, there ${back.from.state}`)
  }
}).pipe(Effect.scoped)

if (import.meta.main) await Effect.runPromise(virtually(main))
