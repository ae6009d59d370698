/**
 * Moves a sync from Segment to Zeotap.
 *
 * 1. Export the Segment sync, and report what Zeotap can express, what is lost, and what a person must set up.
 * 2. Create the sync at Zeotap. It starts disabled, so nothing fires.
 * 3. Switch over: disable the Segment sync, then enable the Zeotap sync. Both are never enabled at once.
 * 4. Compare the rows of the first run at Zeotap with those of the last run at Segment.
 * 5. The rows differ, so switch back: the same call with `from` and `to` exchanged.
 *
 * Run it with `npm run example move-sync`.
 */

import * as Fleet from "@openretl/core/Fleet"
import * as Move from "@openretl/core/Move"
import { Sync } from "@openretl/core/Sync"
import { Transport } from "@openretl/core/Transport"
import { RoutingTransport, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import { Segment, SegmentAdmin } from "@openretl/segment"
import { ZeotapAdmin } from "@openretl/zeotap"
import { Console, Effect, Redacted, Schema } from "effect"
import { inVirtualTime } from "./support/virtualTime.ts"

/** Opens a fleet over two emulators, with the sync to move and the parts that its successor needs. */
const openFleet = Effect.gen(function* () {
  const old = yield* SegmentEmulator.make()
  const next = yield* ZeotapEmulator.make()
  const ids = yield* old.addSync({
    name: "Customers to CRM",
    schedule: { cron: "30 6 * * *", timeZone: "Europe/Berlin" },
  })
  // Somebody has set up the model and the destination at Zeotap by hand, with their own credentials.
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

/** Returns one line for each part of the sync: its fate, its name, its value, and a note. */
export const lines = ({ items }: Move.Report): ReadonlyArray<string> => {
  const width = Math.max(...items.map(({ field }) => field.length)) + 2
  return items.flatMap(({ fate, field, value, note }) => [
    `${fate.padEnd(9)}${field.padEnd(width)}${value}`,
    ...(note === undefined ? [] : [`${" ".repeat(9 + width)}${note}`]),
  ])
}

// #region move
const main = Effect.gen(function* () {
  const { fleet, customers, parts, next } = yield* openFleet
  const lastAtSegment = yield* fleet.run(customers, { whenRunning: "fail" })

  const sync = yield* fleet.getSync(customers)
  // The export is JSON: store it, compare it, and decode it with `Schema.decodeUnknownEffect(Sync)`.
  yield* Console.log(`${JSON.stringify(yield* Schema.encodeEffect(Sync)(sync)).slice(0, 100)}...`)

  const report = Move.report(sync, ZeotapAdmin.target)
  yield* Effect.forEach(lines(report), (line) => Console.log(line))

  const created = yield* fleet.createSync(
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
  yield* Console.log(`created: ${created.ref} is ${created.state}`)

  const switched = yield* Move.switchOver(fleet, { from: customers, to: created.ref, whenRunning: "wait" })
  yield* Console.log(`switched over: ${switched.from.state} at Segment, ${switched.to.state} at Zeotap`)

  // The first run at Zeotap delivers a thousand rows less.
  yield* next.script(created.ref.ids, [{ duration: "3 minutes", rows: { succeeded: 11_480 } }])
  const firstAtZeotap = yield* fleet.run(created.ref, { whenRunning: "wait" })
  const { verdict, counts } = Move.sideBySide(lastAtSegment.run, firstAtZeotap.run)
  for (const { count, from, to } of counts)
    yield* Console.log(`${count}: ${from ?? "unknown"} at Segment, ${to ?? "unknown"} at Zeotap`)
  yield* Console.log(`verdict: ${verdict}`)

  if (verdict === "different") {
    const back = yield* Move.switchOver(fleet, { from: created.ref, to: customers, whenRunning: "wait" })
    yield* Console.log(`switched back: ${back.to.state} at Segment, ${back.from.state} at Zeotap`)
  }
}).pipe(Effect.scoped)
// #endregion

if (import.meta.main) await Effect.runPromise(inVirtualTime(main))
