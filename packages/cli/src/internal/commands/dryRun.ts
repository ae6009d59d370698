/** Shows the request that a command would send. Reads go out; of a write, nothing leaves this process. */
import * as Journal from "@openretl/core/Journal"
import type { RetlError } from "@openretl/core/RetlError"
import * as Transport from "@openretl/core/Transport"
import { TransportError } from "@openretl/core/TransportError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as ExitCode from "../../ExitCode.ts"
import { follow, type Task } from "../tasks/follow.ts"
import * as Format from "../terminal/format.ts"
import type { Surroundings } from "./command.ts"
import * as Failure from "./failure.ts"
import type { Session } from "./session.ts"
import { endWith } from "./tasks.ts"

/** Returns a transport that sends reads, and gives the first write to `onWrite` instead of sending it. */
const readsOnly = (transport: Transport.Service, onWrite: (request: Transport.Request) => void): Transport.Service => ({
  ...(transport.tellsStart !== undefined && { tellsStart: transport.tellsStart }),
  send: (request) =>
    request.method === "GET"
      ? transport.send(request)
      : Effect.suspend(() => {
          onWrite(request)
          // Core holds up nothing for a request that has not left.
          return Effect.fail(new TransportError({ delivery: "not-sent", code: "DRY_RUN_SENDS_GET_ONLY" }))
        }),
})

/**
 * Runs an operation to its first write, prints that request, and stops. It does so with an empty journal, and keeps nothing: what
 * the journal has of a key is not looked at. `sync` is its name for programs.
 */
export const of = <A, E>(
  { session, printer }: Surroundings,
  operation: (session: Pick<Session, "fleet">) => Effect.Effect<A, E>,
  sync?: string,
): Effect.Effect<void, E | RetlError> =>
  Effect.gen(function* () {
    const written = yield* Deferred.make<Transport.Request>()
    const transport = readsOnly(yield* Transport.Transport, (request) =>
      Deferred.doneUnsafe(written, Effect.succeed(request)),
    )
    const request = yield* Effect.gen(function* () {
      const fleet = yield* session.configuration.open(Journal.memory())
      return yield* Effect.raceFirst(
        Effect.map(Deferred.await(written), (request): Transport.Request | undefined => request),
        Effect.as(operation({ fleet }), undefined),
      )
    }).pipe(
      Effect.scoped,
      Effect.provideService(Transport.Transport, transport),
      // What core logs of a request that was given up is about this process only.
      Effect.provide(Logger.layer([])),
    )
    if (request === undefined) {
      yield* printer.lines("Nothing would be sent.")
      yield* printer.object("dry-run", { sync, request: undefined })
      return
    }
    const { method, url, headers, body } = request
    const shown = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Redacted.isRedacted(value) ? "<redacted>" : value]),
    )
    yield* printer.lines(
      "Would send:",
      "",
      `  ${method} ${Format.printable(url, 1000)}`,
      ...Object.entries(shown).map(([name, value]) => `  ${name}: ${Format.printable(value, 200)}`),
      ...(body === undefined ? [] : ["", `  ${Format.printable(body, 4000)}`]),
    )
    yield* printer.object("dry-run", { sync, request: { method, url, headers: shown, body } })
  })

/** Does a task, and fails as it does where it ends without a run. */
const attempt = (fleet: Session["fleet"], task: Task) =>
  Effect.flatMap(
    follow(fleet, task, () => Effect.void),
    (ending) => (ending._tag === "Refused" || ending._tag === "Unfinished" ? Effect.fail(ending.error) : Effect.void),
  )

/** As `of`, for tasks: each on its own, one after the other. One that fails hides no other. */
export const ofTasks = (surroundings: Surroundings, tasks: ReadonlyArray<Task>): Effect.Effect<void, Failure.Ended> =>
  Effect.gen(function* () {
    const { printer } = surroundings
    const codes = yield* Effect.forEach(tasks, (task) =>
      Effect.gen(function* () {
        if (tasks.length > 1) yield* printer.lines(`${task.name}:`)
        const result = yield* Effect.result(of(surroundings, ({ fleet }) => attempt(fleet, task), task.name))
        return Result.isSuccess(result) ? ("ok" as const) : yield* Failure.print(printer, result.failure)
      }),
    )
    yield* endWith(ExitCode.worst(codes))
  })
