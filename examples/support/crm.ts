/** A workspace that several processes share by its journal, and the vendor and the folder that the examples give it. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type * as Emulator from "@openretl/emulator/Emulator"
import { serve } from "@openretl/emulator/Server"
import { SqliteJournal } from "@openretl/journal-sql"
import { RudderStack } from "@openretl/rudderstack"
import { Config, Effect, Layer } from "effect"

/** Real vendors take minutes, the emulator seconds: leave these options out for a real account. */
const timing = { writeTimeout: "5 seconds", runAppearsWithin: "1 second", journalLease: "2 seconds" } as const

/** What every process of the examples reads from its environment. */
const settings = Config.all({
  token: Config.Redacted("RUDDERSTACK_TOKEN"),
  baseUrl: Config.String("RUDDERSTACK_URL"),
  filename: Config.String("OPENRETL_JOURNAL"),
})

/** The workspace. All processes of one machine open the same file. */
export const Crm = Layer.unwrap(
  Effect.gen(function* () {
    const { token, baseUrl, filename } = yield* settings
    const journal = yield* SqliteJournal.make({ filename })
    return RudderStack.layer({
      name: "crm",
      region: "us",
      token,
      baseUrl,
      defaultScope: "incremental",
      journal,
      ...timing,
    })
  }),
)

/** Serves the emulator, and returns the environment of the processes that use it. */
export const environmentFor = Effect.fnUntraced(function* (emulator: Emulator.Emulator) {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "openretl-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
  )
  return {
    RUDDERSTACK_TOKEN: emulator.token,
    RUDDERSTACK_URL: yield* serve(emulator),
    OPENRETL_JOURNAL: join(folder, "runs.db"),
  }
})
