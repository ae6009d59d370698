/**
 * The identity of a sync: vendor, address and required ids. Optional ids and the workspace's name do not belong to it,
 * so that two workspaces of one account agree on it.
 */
import * as Result from "effect/Result"
import * as SchemaAST from "effect/SchemaAST"
import type { AnyDriver, IdsSchema } from "../driver/Driver.ts"
import type * as FieldIssue from "../model/FieldIssue.ts"
import * as Input from "../model/Input.ts"
import type { SyncRef } from "../model/Ref.ts"

/** The identities of a vendor's syncs. */
export interface Identity {
  /** Returns the driver's ids of a sync, or what is wrong with them. Each ref is decoded once. */
  readonly idsOf: (sync: SyncRef) => Result.Result<unknown, ReadonlyArray<FieldIssue.FieldIssue>>
  /** Returns the text that two refs share exactly when they name one sync. */
  readonly of: (sync: SyncRef) => string
  /** As `of`, of a vendor's ids. */
  readonly ofIds: (ids: object) => string
}

/** Returns the names of the ids that a sync must have. */
export const requiredNames = ({ fields }: IdsSchema<unknown>): ReadonlyArray<string> =>
  Object.entries(fields)
    .filter(([, { ast }]) => !SchemaAST.isOptional(ast))
    .map(([name]) => name)
    .sort()

/** Creates the identities of the syncs that a driver reaches. */
export const make = ({ vendor, baseUrl, ids }: AnyDriver): Identity => {
  const decode = Input.decoder(ids)
  const required = requiredNames(ids)
  const ofIds = (ids: object) => JSON.stringify([vendor, baseUrl, ...required.map((name) => Reflect.get(ids, name))])
  const texts = new WeakMap<SyncRef, string>()
  const decoded = new WeakMap<SyncRef, Result.Result<unknown, ReadonlyArray<FieldIssue.FieldIssue>>>()
  return {
    idsOf: (sync) => {
      const cached = decoded.get(sync)
      if (cached !== undefined) return cached
      const result = Result.mapError(decode(sync.ids), nameExpectedIds(Object.keys(ids.fields)))
      decoded.set(sync, result)
      return result
    },
    of: (sync) => {
      const text = texts.get(sync) ?? ofIds(sync.ids)
      texts.set(sync, text)
      return text
    },
    ofIds,
  }
}

/** Returns issues whose messages name the ids that the vendor takes. */
const nameExpectedIds = (names: ReadonlyArray<string>) => (issues: ReadonlyArray<FieldIssue.FieldIssue>) =>
  issues.map(({ path, message }) => {
    if (path.length !== 1 || path[0] === undefined) return { path, message }
    if (!names.includes(path[0])) return { path, message: `Expected only ${names.join(", ")}` }
    return { path, message: message === "Expected a value: it is missing" ? "Expected an id: it is missing" : message }
  })
