/**
 * Stores intents in a directory, one file each, so that an unsettled trigger outlives this process.
 *
 * A file is written atomically, and is on disk before the trigger's request is sent. Only one process may use a directory
 * at a time: a second one would take a trigger that is still being settled for one that a dead process left behind.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { format, type IntentStore, IntentStoreError, parse } from "@openretl/core/IntentStore"
import { DateTime, Effect, type Scope } from "effect"

/** Locks the directory until the scope closes. Fails when another living process has locked it. */
export const make = (directory: string): Effect.Effect<IntentStore, IntentStoreError, Scope.Scope> =>
  Effect.gen(function* () {
    yield* attempt("create the directory", () => mkdir(directory, { recursive: true, mode: 0o700 }))
    yield* Effect.acquireRelease(lock(join(directory, "lock")), (path) =>
      Effect.promise(() => rm(path, { force: true })),
    )
    const fileOf = (id: string) => join(directory, `${encodeURIComponent(id)}.json`)

    const readFileNamed = (name: string) =>
      Effect.gen(function* () {
        const text = yield* attempt("read an intent", () => readIfPresent(join(directory, name)))
        if (text === undefined) return []
        // An unreadable file may belong to any sync, so the demo stops rather than trigger that sync a second time.
        const unreadable = () => new IntentStoreError({ message: `${name} in ${directory} is not a valid intent` })
        return [yield* Effect.mapError(parse(text), unreadable)]
      })
    const readAll = Effect.gen(function* () {
      const names = yield* attempt("list the intents", () => readdir(directory))
      const records = yield* Effect.forEach(
        names.filter((name) => name.endsWith(".json")),
        readFileNamed,
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

/** Runs a file operation. Fails with a message that names the operation. */
const attempt = <A>(what: string, run: () => Promise<A>): Effect.Effect<A, IntentStoreError> =>
  Effect.tryPromise({
    try: run,
    catch: (error) => new IntentStoreError({ message: `could not ${what}: ${codeOf(error)}` }),
  })

/** Returns `undefined` when the file was removed after it was listed: its trigger has settled since. */
const readIfPresent = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined
    throw error
  }
}

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown error"

/** Creates a file that contains the process id of its owner. Replaces the file of a process that has ended. */
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
        if (isAlive(pid))
          return yield* new IntentStoreError({
            message: `process ${pid} is using this directory`,
          })
        yield* attempt("remove a stale lock", () => rm(path, { force: true }))
        yield* write
      }),
    )
    return path
  })

const isAlive = (pid: number): boolean => {
  // Our own id in a lock that we did not write: in a container, every process may get the same id.
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === "EPERM"
  }
}
