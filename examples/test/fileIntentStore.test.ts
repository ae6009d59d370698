import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import type { IntentRecord } from "@openretl/core/IntentStore"
import { RunRef, SyncRef } from "@openretl/core/Ref"
import { DateTime, Effect } from "effect"
import * as FileIntentStore from "../demo/fileIntentStore.ts"

const temporaryDirectory = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "openretl-intents-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
)

const record = (id: string, workspace: string, sentAt: number): IntentRecord => ({
  intent: {
    version: 1,
    id,
    sync: new SyncRef({ workspace, vendor: "zeotap", ids: { sync: "1" } }),
    exclusive: false,
    fence: { runs: ["a", "b"], asOf: DateTime.makeUnsafe(5), complete: true },
    sentAt: DateTime.makeUnsafe(sentAt),
  },
})

describe("the intent store on files", () => {
  it.live("T8: the next process reads every record of the process before it", () =>
    Effect.gen(function* () {
      const path = yield* temporaryDirectory
      const open = record("open", "a", 2)
      const sync = open.intent.sync
      const run = new RunRef({ sync, run: "9", acceptedAt: DateTime.makeUnsafe(7) })
      const settled: IntentRecord = {
        ...record("settled", "a", 1),
        resolution: { _tag: "Started", run, evidence: "the vendor's answer" },
      }
      yield* Effect.scoped(
        Effect.gen(function* () {
          const store = yield* FileIntentStore.make(path)
          yield* store.put(open)
          yield* store.put(record("settled", "a", 1))
          yield* store.put(settled)
          yield* store.put(record("other", "b", 0))
          yield* store.put(record("removed", "a", 3))
          yield* store.remove("removed")
          yield* store.remove("never put")
        }),
      )
      const reopened = yield* FileIntentStore.make(path)
      expect(yield* reopened.all("a")).toEqual([settled, open])
      expect((yield* reopened.all("b")).map(({ intent }) => intent.id)).toEqual(["other"])
    }),
  )

  it.live("lists records while other triggers settle", () =>
    Effect.gen(function* () {
      const store = yield* FileIntentStore.make(yield* temporaryDirectory)
      yield* store.put(record("open", "a", 0))
      const ids = Array.from({ length: 60 }, (_, index) => `id-${index}`)
      yield* Effect.forEach(
        ids,
        (id) =>
          Effect.gen(function* () {
            yield* store.put(record(id, "a", 1))
            expect((yield* store.all("a")).map(({ intent }) => intent.id)).toContain("open")
            yield* store.remove(id)
          }),
        { concurrency: "unbounded", discard: true },
      )
      expect(yield* store.all("a")).toHaveLength(1)
    }),
  )

  it.live("an id cannot name a file outside the directory", () =>
    Effect.gen(function* () {
      const path = yield* temporaryDirectory
      const store = yield* FileIntentStore.make(path)
      yield* store.put(record("../escaped", "a", 0))
      expect(yield* Effect.promise(() => readdir(path))).toEqual(["..%2Fescaped.json", "lock"])
      expect((yield* store.all("a")).map(({ intent }) => intent.id)).toEqual(["../escaped"])
    }),
  )

  it.live("an unreadable file fails the listing, since its trigger may belong to any sync", () =>
    Effect.gen(function* () {
      const path = yield* temporaryDirectory
      const store = yield* FileIntentStore.make(path)
      yield* Effect.promise(() => writeFile(join(path, "half.json"), '{"intent":'))
      const { message } = yield* Effect.flip(store.all("a"))
      expect(message).toBe(`half.json in ${path} is not a valid intent`)
    }),
  )

  it.live("the lock of a living process is respected, and a stale lock is replaced", () =>
    Effect.gen(function* () {
      const path = yield* temporaryDirectory
      const lock = join(path, "lock")
      // Process 1 always lives; no process has the other id.
      yield* Effect.promise(() => writeFile(lock, "1"))
      const { message } = yield* Effect.flip(Effect.scoped(FileIntentStore.make(path)))
      expect(message).toBe("process 1 is using this directory")
      yield* Effect.promise(() => writeFile(lock, "2147483646"))
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* FileIntentStore.make(path)
          expect(yield* Effect.promise(() => readFile(lock, "utf8"))).toBe(String(process.pid))
        }),
      )
      expect(yield* Effect.promise(() => readdir(path))).toEqual([])
    }),
  )
})
