/** A workspace that several processes share by its journal, and the vendor and the folder that the examples give it. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type * as Emulator from "@openretl/emulator/Emulator"
import { serve } from "@openretl/emulator/Server"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import * as RudderStack from "@openretl/rudderstack/RudderStack"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** The emulator's address, and its times: real vendors take minutes. A program for a real account leaves this out. */
const emulated = Effect.map(Config.String("RUDDERSTACK_URL"), (baseUrl) => ({
  baseUrl,
  writeTimeout: "5 seconds" as const,
  runAppearsWithin: "1 second" as const,
  journalLease: "2 seconds" as const,
}))

// #region journal
/** The workspace of a process. All processes of the machine open the same file. */
export const Crm = Layer.unwrap(
  Effect.gen(function* () {
    const journal = yield* SqliteJournal.make({ filename: yield* Config.String("OPENRETL_JOURNAL") })
    const token = yield* Config.Redacted("RUDDERSTACK_TOKEN")
    return RudderStack.layer({
      name: "crm",
      region: "us",
      token,
      defaultScope: "incremental",
      journal,
      ...(yield* emulated),
    })
  }),
)
// #endregion

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
