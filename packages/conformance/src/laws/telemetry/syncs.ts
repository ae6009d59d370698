/** The cases of calls about configured syncs. */

import * as Fleet from "@openretl/core/Fleet"
import * as Move from "@openretl/core/Move"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { needsCreation, needsDeletion } from "../../Setup.ts"
import { workspaceName } from "../../Testbed.ts"
import { type ConfiguredTestbed, requireIndeterminate } from "../configuration/configuredTestbed.ts"
import {
  blockReadsAfterWrite,
  type Case,
  fail,
  interrupt,
  ofCatalog,
  ofChanges,
  soon,
  succeed,
  withoutLists,
} from "./cases.ts"

/** Leaves the entry of a change open: its answer is lost, and no read says what became of it. Returns the entry's id. */
const leaveOpen = Effect.fnUntraced(function* (testbed: ConfiguredTestbed) {
  const { ref } = yield* testbed.addSync()
  blockReadsAfterWrite(testbed)
  yield* testbed.emulator.addFaults(Fault.lost("update", { commits: true }))
  const error = requireIndeterminate(yield* fail(testbed, testbed.administration.pause(ref)))
  testbed.wire.intercept = () => undefined
  return error.entry ?? (yield* Effect.die(new Error("the journal has no entry of the change")))
})

export const syncCases: ReadonlyArray<Case> = [
  ofCatalog(
    "reads of configured syncs have their spans, on success, on failure and on an interrupt",
    {},
    { spans: ["Catalog.list", "Catalog.get"] },
    (testbed) =>
      Effect.gen(function* () {
        const { catalog, sync } = testbed
        const reads: ReadonlyArray<Effect.Effect<unknown, unknown>> = [Stream.runDrain(catalog.list), catalog.get(sync)]
        for (const read of reads) yield* succeed(testbed, read)
        for (const read of reads) yield* interrupt(testbed, read)
        yield* testbed.emulator.rotateToken
        for (const read of reads) yield* fail(testbed, read)
      }),
  ),

  ofChanges(
    "updates of syncs have their spans, on success and on failure",
    {},
    {
      spans: [
        "Administration.update",
        "Administration.pause",
        "Administration.resume",
        "Administration.setSchedule",
        "request",
      ],
    },
    (testbed) =>
      Effect.gen(function* () {
        const { administration, sync, schedules } = testbed
        const [schedule] = schedules
        if (schedule === undefined) return yield* testbed.skip("the harness has no schedule")
        const changes: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
          administration.pause(sync),
          administration.resume(sync),
          administration.setSchedule(sync, schedule),
          administration.update(sync, { enabled: false }),
        ]
        for (const change of changes) yield* succeed(testbed, change)
        for (const change of changes) yield* interrupt(testbed, change)
        yield* testbed.emulator.rotateToken
        for (const change of changes) yield* fail(testbed, change)
      }),
  ),

  ofChanges(
    "what goes on with the entry of a change has its spans and log line, on success and on failure",
    soon,
    {
      spans: ["Administration.pending", "Administration.resolve", "Administration.settle", "openretl.look_up"],
      lines: ["The entry of a change was settled by hand"],
    },
    (testbed) =>
      Effect.gen(function* () {
        const { administration } = testbed
        const settled = yield* leaveOpen(testbed)
        const resolved = yield* leaveOpen(testbed)
        yield* testbed.emulator.addFaults(Fault.lost("update", { commits: true }))
        yield* succeed(testbed, administration.pause(testbed.sync))
        yield* succeed(testbed, administration.pending)
        yield* testbed.advance("1 hour")
        yield* succeed(testbed, administration.settle(settled, "done"))
        yield* succeed(testbed, administration.resolve(resolved))
        yield* fail(testbed, administration.settle("no-such-entry", "done"))
        yield* fail(testbed, administration.resolve("no-such-entry"))
        const { administration: blind } = yield* testbed.openBeside({ journal: withoutLists(testbed) })
        if (blind !== undefined) yield* fail(testbed, blind.pending)
      }),
  ),

  ofChanges(
    "a create has its span, on success and on failure",
    { needs: needsCreation },
    { spans: ["Creation.create"] },
    (testbed) =>
      Effect.gen(function* () {
        const { administration, emulator } = testbed
        const create = Effect.map(emulator.addParts(), (parts) => administration.create(testbed.definition(parts)))
        yield* succeed(testbed, yield* create)
        yield* interrupt(testbed, yield* create)
        yield* emulator.rotateToken
        yield* fail(testbed, yield* create)
      }),
  ),

  ofChanges(
    "a delete has its span, on success and on failure",
    { needs: needsDeletion },
    { spans: ["Deletion.delete"] },
    (testbed) =>
      Effect.gen(function* () {
        const { administration, emulator } = testbed
        yield* succeed(testbed, administration.delete((yield* testbed.addSync()).ref))
        yield* interrupt(testbed, administration.delete((yield* testbed.addSync()).ref))
        yield* emulator.rotateToken
        yield* fail(testbed, administration.delete(testbed.sync))
      }),
  ),

  ofChanges("a switch-over has its span, on success and on failure", {}, { spans: ["Move.switchOver"] }, (testbed) =>
    Effect.gen(function* () {
      const to = (yield* testbed.addSync({ state: "paused" })).ref
      const fleet = yield* Fleet.make({ [workspaceName]: testbed.workspace })
      const options = { from: testbed.sync, to, whenRunning: "wait" } as const
      yield* succeed(testbed, Move.switchOver(fleet, options))
      yield* testbed.emulator.rotateToken
      yield* fail(testbed, Move.switchOver(fleet, { ...options, from: to, to: testbed.sync }))
    }),
  ),
]
