/** Writes to the configuration file. Only what the command adds changes; the file is replaced as a whole, or not at all. */

import * as fs from "node:fs"
import process from "node:process"
import type { Sync } from "@openretl/core/Sync"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Configuration from "../../Configuration.ts"
import { badInput } from "./badInput.ts"
import { titleOf } from "./table.ts"
import { namedSync } from "./targets.ts"

/** Writes a document to a file. */
export const writeDocument = (
  path: string,
  document: unknown,
): Effect.Effect<void, Configuration.ConfigurationProblems> =>
  Effect.tryPromise({
    try: async () => {
      // A link stays a link, and the file keeps who may read it.
      const place = await fs.promises.realpath(path).catch(() => path)
      const mode = await fs.promises.stat(place).then(
        (found) => found.mode,
        () => undefined,
      )
      const beside = `${place}.${process.pid}.new`
      await fs.promises.writeFile(
        beside,
        `${JSON.stringify(document, undefined, 2)}\n`,
        mode === undefined ? {} : { mode },
      )
      try {
        await fs.promises.rename(beside, place)
      } catch (error) {
        await fs.promises.rm(beside, { force: true })
        throw error
      }
    },
    catch: (error) =>
      badInput(
        `${path}: Expected a file that can be written: ${Predicate.hasProperty(error, "code") ? String(error.code) : "unknown error"}`,
      ),
  })

/** Returns what the vendor calls a sync, in the letters of a name. */
const plainName = (sync: Sync): string =>
  titleOf(sync)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 56) || "sync"

/** Returns the first of a name, and the name with a number, that is not used. */
const unused = (plain: string, used: ReadonlySet<string>): string => {
  let name = plain
  for (let number = 2; used.has(name); number++) name = `${plain}-${number}`
  return name
}

/**
 * Adds the syncs that the configuration does not name to its file. Returns the names of the added ones, by ref. A name that
 * syncs of several workspaces have at their vendors, or that is a number, begins with the workspace. A sync is added with
 * `whenRunning` set to `fail`, the choice that starts nothing beside a run.
 */
export const saveSyncs = (path: string, configuration: Configuration.Configuration, syncs: ReadonlyArray<Sync>) =>
  Effect.gen(function* () {
    const document = yield* Configuration.read(path)
    const used = new Set(configuration.syncs.map(({ name }) => name))
    const added = new Map<string, string>()
    const workspacesOf = new Map<string, Set<string>>()
    for (const [name, { workspace }] of [
      ...configuration.syncs.map(({ name, ref }) => [name, ref] as const),
      ...syncs.map((sync) => [plainName(sync), sync.ref] as const),
    ]) {
      workspacesOf.set(name, (workspacesOf.get(name) ?? new Set()).add(workspace))
    }
    for (const sync of syncs) {
      const ref = String(sync.ref)
      if (namedSync(configuration, sync.ref) !== undefined) continue
      const { workspace } = sync.ref
      const plain = plainName(sync)
      const isShared = (workspacesOf.get(plain)?.size ?? 0) > 1
      const name = unused(isShared || /^\d+$/.test(plain) ? `${workspace}-${plain}`.slice(0, 60) : plain, used)
      used.add(name)
      added.set(ref, name)
    }
    if (added.size > 0 && Predicate.hasProperty(document, "syncs") && Predicate.isObject(document.syncs)) {
      const fields = Array.from(added, ([ref, name]) => [name, { ref, whenRunning: "fail" }])
      yield* writeDocument(path, { ...document, syncs: { ...document.syncs, ...Object.fromEntries(fields) } })
    }
    return added
  })
