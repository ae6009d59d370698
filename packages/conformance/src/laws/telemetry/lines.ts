/** The cases of log lines that other cases do not have. */

import * as Fleet from "@openretl/core/Fleet"
import * as Move from "@openretl/core/Move"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { type Testbed, workspaceName } from "../../Testbed.ts"
import { startForeignRun } from "../startRun.ts"
import { leaveAmbiguous } from "../triggers/ambiguous.ts"
import { type Case, ofChanges, ofRuns, soon, succeed, withoutLists, withoutUpdates } from "./cases.ts"

const whenRunning = { whenRunning: "fail" } as const

/** Lets a program go on for some seconds in a workspace that is then closed. */
const closedOver = Effect.fnUntraced(function* (
  testbed: Testbed,
  journal: Testbed["journal"],
  program: (workspace: Pick<Testbed, "runs" | "administration">) => Effect.Effect<unknown, unknown>,
) {
  const scope = yield* Scope.make()
  const opened = yield* Effect.provideService(testbed.open({ journal }), Scope.Scope, scope)
  const call = yield* testbed.begin(Effect.exit(program(opened)))
  yield* testbed.advance("5 seconds")
  yield* testbed.run(Scope.close(scope, Exit.void))
  yield* testbed.advance("1 minute")
  yield* call.stop
})

export const lineCases: ReadonlyArray<Case> = [
  ofRuns(
    "what a trigger finds in the journal is logged",
    {},
    {
      lines: [
        "An open entry was abandoned, as whenOpen says",
        "A key is remembered from more than a day ago: a key names one occasion, not a job",
      ],
    },
    (testbed) =>
      Effect.gen(function* () {
        yield* leaveAmbiguous(testbed)
        yield* testbed.advance("10 minutes")
        const superseding = { ...whenRunning, exclusive: true, whenOpen: "supersede" } as const
        yield* succeed(testbed, testbed.runs.trigger(testbed.sync, superseding))
        const keyed = testbed.runs.run((yield* testbed.addSync()).ref, { ...whenRunning, key: "nightly" })
        yield* succeed(testbed, keyed)
        yield* testbed.advance("25 hours")
        yield* succeed(testbed, keyed)
      }),
  ),

  ofRuns(
    "a status that no table lists, and a token that two workspaces use, are logged",
    {},
    {
      lines: [
        "The adapter does not list a vendor's status; name its meaning in statusWords",
        "Two workspaces use one token and share its rate limit",
      ],
    },
    (testbed) =>
      Effect.gen(function* () {
        const run = yield* startForeignRun(testbed, { words: { running: "transmogrified" } })
        yield* testbed.advance("5 seconds")
        yield* succeed(testbed, testbed.runs.get(testbed.runRef(run)))
        const other = yield* testbed.openBeside({ name: "other" })
        yield* succeed(testbed, other.runs.freshness(yield* testbed.syncRef(testbed.ids, "other"), { warnAfter: 1 }))
      }),
  ),

  ofRuns(
    "a trigger whose end the journal does not get is logged",
    soon,
    {
      lines: [
        "The journal cannot be written: what became of a trigger is written once the store is back",
        "The workspace closed before the journal could be written: the entry stays open",
        "A trigger was left unsettled; the journal has its entry",
      ],
    },
    (testbed) =>
      Effect.gen(function* () {
        const unwritten = (yield* testbed.addSync()).ref
        yield* closedOver(testbed, withoutUpdates(testbed), ({ runs }) => runs.trigger(unwritten, whenRunning))
        const lost = (yield* testbed.addSync()).ref
        yield* testbed.emulator.addFaults(Fault.slow("start", { latency: "20 seconds" }))
        yield* closedOver(testbed, testbed.journal, ({ runs }) => runs.trigger(lost, whenRunning))
      }),
  ),

  ofRuns(
    "a batch that is interrupted, and an onEnd that throws, are logged",
    {},
    {
      lines: [
        "A batch was interrupted: its runs go on at their vendors",
        "The journal of an interrupted batch could not be read",
        "The onEnd of a batch has thrown",
      ],
    },
    (testbed) =>
      Effect.gen(function* () {
        let isDown = false
        const opened = yield* testbed.openBeside({ journal: withoutLists(testbed, () => isDown) })
        const fleet = yield* Fleet.make({ [workspaceName]: opened.workspace })
        const jobs = [{ name: "orders", sync: testbed.sync }]
        const onEnd = () => {
          throw new Error("a bug")
        }
        yield* testbed.emulator.script(testbed.ids, [{ ends: "never" }])
        const batch = yield* testbed.begin(fleet.runAll(jobs, { ...whenRunning, onEnd }))
        yield* testbed.advance("1 minute")
        isDown = true
        yield* batch.stop
      }),
  ),

  ofChanges(
    "a change whose caller is interrupted, or whose end the journal does not get, is logged",
    soon,
    {
      lines: [
        "Change completed after its caller was interrupted",
        "A change was left unsettled",
        "The journal could not be written: core tries again",
        "What became of a change was left unwritten",
      ],
    },
    (testbed) =>
      Effect.gen(function* () {
        const slow = Fault.slow("update", { latency: "20 seconds" })
        yield* testbed.emulator.addFaults(slow)
        const call = yield* testbed.begin(testbed.administration.pause(testbed.sync))
        yield* testbed.advance("5 seconds")
        yield* call.stop
        yield* testbed.advance("1 minute")
        const unwritten = (yield* testbed.addSync()).ref
        const pauseOf = (sync: typeof unwritten) => (opened: Pick<Testbed, "administration">) =>
          opened.administration?.pause(sync) ?? Effect.die(new Error("the workspace lacks Administration"))
        yield* closedOver(testbed, withoutUpdates(testbed), pauseOf(unwritten))
        yield* testbed.emulator.addFaults(slow)
        yield* closedOver(testbed, testbed.journal, pauseOf((yield* testbed.addSync()).ref))
      }),
  ),

  ofChanges(
    "a switch-over that is interrupted is logged",
    {},
    { lines: ["A switch-over was interrupted"] },
    (testbed) =>
      Effect.gen(function* () {
        const to = (yield* testbed.addSync({ state: "paused" })).ref
        const fleet = yield* Fleet.make({ [workspaceName]: testbed.workspace })
        yield* testbed.emulator.addFaults(Fault.slow("update", { latency: "20 seconds" }))
        const call = yield* testbed.begin(Move.switchOver(fleet, { from: testbed.sync, to, whenRunning: "wait" }))
        yield* testbed.advance("10 seconds")
        yield* call.stop
        yield* testbed.advance("10 minutes")
      }),
  ),
]
