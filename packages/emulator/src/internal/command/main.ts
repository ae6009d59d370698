#!/usr/bin/env node
/** The command `openretl-emulator`: serves an emulator with its control API until the process ends. */
import process from "node:process"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Control from "../../Control.ts"
import * as ControlServer from "../../ControlServer.ts"
import type { Emulator } from "../../Emulator.ts"
import { parse, usage } from "./options.ts"

const announce = ({ vendor, token, workspace }: Emulator, url: string, syncs: ReadonlyArray<unknown>): void => {
  const line = JSON.stringify({ vendor, url, control: `${url}${Control.path}`, token, workspace, syncs })
  process.stdout.write(`${line}\n`)
}

const serve = (make: Effect.Effect<Emulator>, port: number) =>
  Effect.gen(function* () {
    const served = yield* ControlServer.serve(make, { port })
    const emulator = yield* served.emulator
    const syncs = yield* emulator.syncs
    announce(
      emulator,
      served.url,
      syncs.map(({ ids }) => ids),
    )
    return yield* Effect.never
  }).pipe(
    Effect.scoped,
    Effect.catchCause((cause) =>
      Effect.sync(() => {
        const error = Cause.squash(cause)
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
        process.exit(1)
      }),
    ),
  )

const invocation = parse(process.argv.slice(2))
if (Result.isFailure(invocation)) {
  process.stderr.write(`${invocation.failure.join("\n")}\n\n${usage}`)
  process.exitCode = 2
} else if (invocation.success._tag === "Help") {
  process.stdout.write(usage)
} else {
  const { make, port, endsWithStdin } = invocation.success
  if (endsWithStdin) process.stdin.on("end", () => process.exit(0)).resume()
  Effect.runFork(serve(make, port))
}
