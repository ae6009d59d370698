#!/usr/bin/env node
/** The command `openretl-emulator`: serves emulators with their control APIs until the process ends. */
import { writeFileSync } from "node:fs"
import process from "node:process"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Emulator } from "../../Emulator.ts"
import * as Workspaces from "../../Workspaces.ts"
import { parse, usage } from "./options.ts"

/** Writes the configuration of the emulators, and prints the lines that set the tokens. */
const writeConfiguration = (path: string, served: ReadonlyArray<Workspaces.ServedEmulator>): void => {
  const { document, env } = Workspaces.configuration(served)
  writeFileSync(path, `${JSON.stringify(document, undefined, 2)}\n`)
  for (const [name, token] of Object.entries(env)) process.stderr.write(`export ${name}=${token}\n`)
}

const serve = (emulators: ReadonlyArray<Effect.Effect<Emulator>>, port: number, configuration: string | undefined) =>
  Effect.gen(function* () {
    const served = yield* Effect.forEach(emulators, (make, index) =>
      Workspaces.serve(make, port === 0 ? 0 : port + index),
    )
    // The configuration is there as soon as a line says that the emulators listen.
    if (configuration !== undefined) yield* Effect.sync(() => writeConfiguration(configuration, served))
    for (const { names: _, ...line } of served) process.stdout.write(`${JSON.stringify(line)}\n`)
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
  const { emulators, port, configuration, endsWithStdin } = invocation.success
  if (endsWithStdin) process.stdin.on("end", () => process.exit(0)).resume()
  Effect.runFork(serve(emulators, port, configuration))
}
