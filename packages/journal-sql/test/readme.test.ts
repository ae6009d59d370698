import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { SyncRef } from "@openretl/core/Ref"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import { ConfigProvider, Effect } from "effect"
import { pending } from "./example.ts"
import { folder } from "./support/stores.ts"

describe("the README's program", () => {
  it.live("J8: it lists what another process left", () =>
    Effect.gen(function* () {
      const filename = join(yield* folder, "journal.db")
      const listed = Effect.provideService(
        pending,
        ConfigProvider.ConfigProvider,
        ConfigProvider.fromUnknown({ OPENRETL_JOURNAL: filename }),
      )
      expect(yield* listed).toEqual([])
      const journal = yield* SqliteJournal.make({ filename })
      const sync = new SyncRef({ workspace: "prod", vendor: "acme", ids: { sync: "7" } })
      yield* journal.claim({
        draft: {
          kind: "trigger",
          id: "e1",
          identity: "acme 7",
          vendor: "acme",
          baseUrl: "https://api.acme.test",
          workspace: "prod",
          key: "nightly/2026-11-27",
          sync,
        },
        owner: { host: "batch-1", pid: 42, call: "c1" },
        lease: 1,
      })
      yield* Effect.sleep(5)
      expect(yield* listed).toEqual(["nightly/2026-11-27: claimed, by batch-1, process 42 (gone)"])
    }).pipe(Effect.scoped),
  )
})
