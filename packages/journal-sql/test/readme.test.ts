import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { SyncRef } from "@openretl/core/Ref"
import * as SqliteJournal from "@openretl/journal-sql/SqliteJournal"
import { ConfigProvider, Effect } from "effect"
import { pending } from "./example.ts"
import { folder } from "./support/stores.ts"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

describe("the README's quick start", () => {
  it("is a file that the tests run", () => {
    const examples = [...read("../README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code)
    expect(examples).toEqual([read("./example.ts")])
  })

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
