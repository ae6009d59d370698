import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { ConfigProvider, Effect, Logger, References } from "effect"
import * as SqliteJournal from "../src/SqliteJournal.ts"
import { folder } from "./support/stores.ts"

/** Opens and closes the journal with these environment variables. Returns the lines that it logs. */
const logged = (filename: string, env: Readonly<Record<string, string>>) =>
  Effect.gen(function* () {
    const lines: Array<string> = []
    const logger = Logger.make<unknown, void>(({ message, logLevel, fiber }) => {
      const annotations = fiber.getRef(References.CurrentLogAnnotations)
      lines.push(`${logLevel} ${String(message)} ${JSON.stringify(annotations)}`)
    })
    yield* Effect.scoped(SqliteJournal.make({ filename })).pipe(
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env)),
      Effect.provide(Logger.layer([logger])),
    )
    return lines
  })

describe("a SQLite file in continuous integration", () => {
  it.live("a new file where CI is set logs a warning that names the way out", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "journal.db")
      const [line = "", ...more] = yield* logged(filename, { CI: "true" })
      expect(more).toEqual([])
      expect(line).toContain(
        "Warn CI is set, and this journal is a new file: if the runner is thrown away, the journal goes with it. Use PostgreSQL, or a disk that stays ",
      )
      expect(line).toContain(JSON.stringify(filename))
      // A file that was there before the job outlives jobs.
      expect(yield* logged(filename, { CI: "true" })).toEqual([])
    }).pipe(Effect.scoped),
  )

  it.live.each([{}, { CI: "" }, { CI: "false" }, { CI: "0" }])("no CI, no warning: %o", (env) =>
    Effect.gen(function* () {
      expect(yield* logged(join(yield* folder, "journal.db"), env)).toEqual([])
    }).pipe(Effect.scoped),
  )
})
