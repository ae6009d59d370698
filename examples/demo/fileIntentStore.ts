/**
 * Keeps intents in a directory, a file each, so that a trigger whose fate is open outlives this process, however it ends.
 *
 * A file appears whole or not at all, and is on disk before the trigger's request is sent. One process at a time: another
 * would take a trigger that is being settled for one that was left behind.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type IntentStore, IntentStoreError } from "@openretl/core/IntentStore"
import { format, parse } from "@openretl/core/schema/IntentStore"
import { DateTime, Effect, type Scope } from "effect"

/** Takes the directory for this process until the scope closes; fails where another living process has it. */
export const make = (directory: string): Effect.Effect<IntentStore, IntentStoreError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* attempt("make the directory", () => mkdir(directory, { recursive: true, mode: 0o700 }))
    yield* Effect.acquireRelease(lock(join(directory, "lock")), (path) =>
      Effect.promise(() => rm(path, { force: true })),
    )
    const fileOf = (id: string) => join(directory, `${encodeURIComponent(id)}.json`)

    const readOne = (name: string) =>
      Effect.gen(function* () {
        const text = yield* attempt("read an intent", () => readIfThere(join(directory, name)))
        if (text === undefined) return []
        // One that cannot be read may be of any sync: better to stop than to trigger again beside it.
        const unreadable = () => new IntentStoreError({ message: `${name} in ${directory} is not an intent` })
        return [yield* Effect.mapError(parse(text), unreadable)]
      })
    const readAll = Effect.gen(function* () {
      const names = yield* attempt("list the intents", () => readdir(directory))
      const records = yield* Effect.forEach(
        names.filter((name) => name.endsWith(".json")),
        readOne,
      )
      return records
        .flat()
        .sort((a, b) => DateTime.toEpochMillis(a.intent.sentAt) - DateTime.toEpochMillis(b.intent.sentAt))
    })

    return {
      put: (record) =>
        Effect.gen(function* () {
          const path = fileOf(record.intent.id)
          const text = format(record)
          yield* attempt("write an intent", async () => {
            await writeFile(`${path}.new`, `${text}\n`, { flush: true, mode: 0o600 })
            await rename(`${path}.new`, path)
          })
        }),
      remove: (id) => attempt("remove an intent", () => rm(fileOf(id), { force: true })),
      all: (workspace) =>
        Effect.map(readAll, (records) => records.filter(({ intent }) => intent.sync.workspace === workspace)),
    }
  })

const attempt = <A>(what: string, run: () => Promise<A>): Effect.Effect<A, IntentStoreError> =>
  Effect.tryPromise({
    try: run,
    catch: (error) => new IntentStoreError({ message: `could not ${what}: ${codeOf(error)}` }),
  })

/** Nothing where the file has gone since it was listed: another trigger has settled meanwhile. */
const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
}

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown trouble"

/** A file with the owner's process id; that of a process which is no more is taken over. */
const lock = (path: string): Effect.Effect<string, IntentStoreError> =>
  Effect.gen(function* () {
    const write = attempt("lock the directory", () => writeFile(path, String(process.pid), { flag: "wx" }))
    const owner = Effect.map(
      Effect.orElseSucceed(
        attempt("read the lock", () => readFile(path, "utf8")),
        () => "",
      ),
      Number,
    )
    yield* Effect.catch(write, () =>
      Effect.gen(function* () {
        const pid = yield* owner
        if (isAlive(pid)) return yield* new IntentStoreError({ message: `process ${pid} is using it; one at a time` })
        yield* attempt("break a stale lock", () => rm(path, { force: true }))
        yield* write
      }),
    )
    return path
  })

const isAlive = (pid: number): boolean => {
  // Our own id on a lock that we did not make: in a container, every process may get the same one.
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === "EPERM"
  }
}
