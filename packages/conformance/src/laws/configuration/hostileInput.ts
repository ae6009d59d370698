/** Configured syncs under hostile refs, names and answers. */

import { SyncRef } from "@openretl/core/Ref"
import * as Schedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { manyIds } from "../../hostile/ids.ts"
import { requestShape } from "../../hostile/requestShape.ts"
import { awkwardToken, tokenEchoes } from "../../hostile/tokenEchoes.ts"
import type { Law } from "../../Law.ts"
import { needsChange, needsCreation, type Setup } from "../../Setup.ts"
import * as Errors from "../../testbed/errors.ts"
import * as Json from "../../testbed/json.ts"
import * as Random from "../../testbed/random.ts"
import * as Secrets from "../../testbed/secrets.ts"
import * as Wire from "../../testbed/wire.ts"
import { type AttackedOperation, withOneValueChanged, withRandomAnswer } from "../attackedOperation.ts"
import { type ConfiguredTestbed, changing, nameOf, reading } from "./configuredTestbed.ts"

/** Every operation of the vendor that takes the ref of a sync, by name. */
const operationsOn = (
  { catalog, administration, deletion }: ConfiguredTestbed,
  sync: SyncRef,
): Readonly<Record<string, Effect.Effect<unknown, unknown>>> => ({
  get: catalog.get(sync),
  update: administration.update(sync, { enabled: false, schedule: Schedule.manual }),
  pause: administration.pause(sync),
  resume: administration.resume(sync),
  setSchedule: administration.setSchedule(sync, Schedule.manual),
  ...(deletion && { delete: deletion.delete(sync) }),
})

const operationNames = [
  "list",
  "get",
  "read before a create",
  "read before an update",
  "read before a delete",
  "create",
  "update",
  "delete",
] as const
type OperationName = (typeof operationNames)[number]

/** Returns what a law needs that uses this operation. */
const needsOperation = (name: OperationName): Pick<Setup, "needs"> => {
  const kind = (["create", "delete"] as const).find((kind) => name.endsWith(kind))
  return kind === undefined ? {} : needsChange(kind)
}

/** Every operation by name, and which of its requests receive the hostile answer. */
const attackedOperations = Effect.fnUntraced(function* (testbed: ConfiguredTestbed) {
  const { catalog, administration, sync } = testbed
  const definition = testbed.definition(yield* testbed.emulator.addParts())
  const operations: Record<OperationName, AttackedOperation> = {
    list: [Stream.runDrain(catalog.list), Wire.isRead],
    get: [catalog.get(sync), Wire.isRead],
    "read before a create": [administration.create(definition), Wire.isRead],
    "read before an update": [administration.pause(sync), Wire.isRead],
    "read before a delete": [administration.delete(sync), Wire.isRead],
    create: [administration.create(definition), Wire.isWrite],
    update: [administration.update(sync, { enabled: false, schedule: Schedule.manual }), Wire.isWrite],
    delete: [administration.delete(sync), Wire.isWrite],
  }
  return operations
})

/** The testbed's sync has a schedule, so that every change has something to change. */
const scheduled = { sync: { schedule: { every: "2 hours" } } } as const

/** A sync without the records of the user's fields, in which an unknown field is a new field of the user. */
const withoutUserFields = ({
  native: _,
  mapping: __,
  unreadMapping: ___,
  maskedSettings: ____,
  vendorFields: _____,
  unreadFields: ______,
  ...sync
}: Sync) => sync

const patience = "200 hours"

/** Replaces an id in the path or the query of a URL. */
const withIdReplaced = (url: string, from: string, to: string): string => {
  const inPath = encodeURIComponent(from)
  const inQuery = new URLSearchParams({ id: from }).toString().slice("id=".length)
  return url.replaceAll(inPath, encodeURIComponent(to)).replaceAll(inQuery, encodeURIComponent(to))
}

const wellFormedIds = (random: Random.Random) => manyIds(random, 12).filter((id) => id.isWellFormed())

export const hostileConfigurationLaws: ReadonlyArray<Law> = [
  ...(["another workspace", "another vendor", "unknown ids"] as const).map((kind) =>
    changing("F2", `no configured sync is read or changed by a ref with ${kind}, and nothing is sent`, {}, (testbed) =>
      Effect.gen(function* () {
        const { workspace, vendor, ids } = testbed.sync
        const refs = {
          "another workspace": new SyncRef({ workspace: "other", vendor, ids }),
          "another vendor": new SyncRef({ workspace, vendor: "othervendor", ids }),
          "unknown ids": new SyncRef({ workspace, vendor, ids: { surprise: "1" } }),
        }
        for (const [name, operation] of Object.entries(operationsOn(testbed, refs[kind]))) {
          const error = Errors.requireRetlError(yield* testbed.failure(operation))
          const reason = kind === "unknown ids" ? "InvalidRequest" : "WrongWorkspace"
          expect([error.reason._tag, error.delivery], name).toEqual([reason, "not-sent"])
        }
        expect(testbed.wire.sent).toEqual([])
      }),
    ),
  ),

  changing("H1", "no id of a sync changes where a read or a change of it goes", {}, (testbed) =>
    Effect.gen(function* () {
      const hostileIds = wellFormedIds(Random.make(31))
      // One set for all operations: an operation may remember from another where something is.
      const ordinaryShapes = new Set<string>()
      for (const name of Object.keys(testbed.ids)) {
        const ordinaryId = testbed.ids[name] ?? ""
        const actualIds = (yield* testbed.emulator.syncs).flatMap(({ ids, parts }) =>
          Object.values({ ...parts, ...ids }),
        )
        for (const id of [ordinaryId, ...hostileIds]) {
          const sync = yield* Effect.result(testbed.syncRef({ ...testbed.ids, [name]: id }))
          // No ref holds an id that is not valid.
          if (Result.isFailure(sync)) continue
          // Reads answer as if the sync had this id; writes are refused.
          testbed.wire.intercept = (request) => {
            if (Wire.isWrite(request)) return Effect.succeed(Wire.response(400, testbed.emulator.refusal(400, "no")))
            const url = withIdReplaced(request.url, id, ordinaryId)
            return Effect.map(testbed.emulator.transport.send({ ...request, url }), (response) => {
              const text = Wire.bodyText(response).replaceAll(JSON.stringify(ordinaryId), JSON.stringify(id))
              return Wire.response(response.status, text, response.headers)
            })
          }
          for (const [operationName, operation] of Object.entries(operationsOn(testbed, sync.success))) {
            const before = testbed.wire.sent.length
            const result = yield* testbed.result(operation, patience)
            if (Result.isFailure(result)) {
              expect(Errors.isTaggedError(result.failure), String(result.failure)).toBe(true)
            }
            const requests = testbed.wire.sent.slice(before)
            for (const shape of requests.map(({ request }) => requestShape(request, [id, ...actualIds]))) {
              if (id === ordinaryId) ordinaryShapes.add(shape)
              else expect(Array.from(ordinaryShapes), `${operationName} ${JSON.stringify(id)}`).toContain(shape)
            }
          }
        }
        const deletes = Array.from(ordinaryShapes).filter((shape) => shape.startsWith("DELETE"))
        expect(deletes.length > 0).toBe(testbed.deletion !== undefined)
      }
    }),
  ),

  changing(
    "H1, H6",
    "a sync keeps a name of any kind or is refused, and its name changes nothing else",
    { needs: needsCreation },
    (testbed) =>
      Effect.gen(function* () {
        yield* nameOf(testbed, "Benign")
        const ordinaryName = "Benign"
        const ordinaryShapes = new Set<string>()
        for (const name of [ordinaryName, ...wellFormedIds(Random.make(32))]) {
          const parts = yield* testbed.emulator.addParts()
          const before = testbed.wire.sent.length
          const create = testbed.administration.create(testbed.definition(parts, { name }))
          const result = yield* testbed.result(create, patience)
          const syncs = yield* testbed.syncsOver(parts)
          const ids = [...Object.values(parts), ...syncs.flatMap((sync) => Object.values(sync.ids))]
          const requests = testbed.wire.sent.slice(before)
          for (const shape of requests.map(({ request }) => requestShape(request, ids))) {
            if (name === ordinaryName) ordinaryShapes.add(shape)
            else expect(Array.from(ordinaryShapes), JSON.stringify(name)).toContain(shape)
          }
          if (Result.isFailure(result)) {
            expect(Errors.isTaggedError(result.failure)).toBe(true)
            expect(syncs, JSON.stringify(name)).toEqual([])
          } else expect([syncs.length, syncs[0]?.name, result.success.name]).toEqual([1, name, name])
        }
        expect((yield* testbed.emulator.syncs).length, "some names are accepted").toBeGreaterThan(1)
      }),
  ),

  ...tokenEchoes.map(([kind, echo]) =>
    changing(
      "H2",
      `a token that the vendor echoes in ${kind}, in answers about configured syncs, is in no error`,
      { ...scheduled, emulator: { token: awkwardToken } },
      (testbed) =>
        Effect.gen(function* () {
          const { token } = testbed.emulator
          const { capabilities } = testbed.current
          const names = operationNames.filter((name) => needsOperation(name).needs?.(capabilities) === undefined)
          for (const status of [200, 400, 403, 404, 409, 422, 500]) {
            const operations = yield* attackedOperations(testbed)
            for (const name of names) {
              const [program, isAttacked] = operations[name]
              const headers = { "x-request-id": `req-${token}`, "content-type": "application/json" }
              const answer = Wire.response(status, echo(token), headers)
              testbed.wire.intercept = (request) => (isAttacked(request) ? Effect.succeed(answer) : undefined)
              const exit = yield* testbed.exit(program, patience)
              expect(Secrets.find(token, exit), `${name}, ${status}`).toBe(undefined)
              testbed.wire.intercept = () => undefined
            }
          }
        }),
    ),
  ),

  ...[301, 302, 307].flatMap((status) =>
    (["create", "update", "delete"] as const).map((operation) =>
      changing(
        "H3, A1",
        `a ${status} to ${operation} is an answer, and core does not follow it`,
        needsChange(operation),
        (testbed) =>
          Effect.gen(function* () {
            const location = status % 2 === 0 ? "/elsewhere" : "https://elsewhere.example/"
            yield* testbed.emulator.addFaults(Fault.respond(operation, { status, headers: { location } }))
            const { administration, sync } = testbed
            const parts = yield* testbed.emulator.addParts()
            const programs: Record<typeof operation, Effect.Effect<unknown, unknown>> = {
              create: administration.create(testbed.definition(parts)),
              update: administration.pause(sync),
              delete: administration.delete(sync),
            }
            expect(Errors.isTaggedError(yield* testbed.failure(programs[operation], patience))).toBe(true)
            expect((yield* testbed.emulator.calls).filter(({ path }) => path.includes("elsewhere"))).toEqual([])
            expect(yield* testbed.requestCount(operation)).toBe(1)
          }),
      ),
    ),
  ),

  ...operationNames.map((name) =>
    changing(
      "H5, A1",
      `${name}: any status with any bytes ends in a value or a typed error, after at most one write`,
      { ...scheduled, ...needsOperation(name) },
      (testbed) =>
        Effect.gen(function* () {
          const random = Random.make(name.length + 40)
          for (let sample = 0; sample < 50; sample++) {
            const operation = (yield* attackedOperations(testbed))[name]
            const { status, text, writes } = yield* withRandomAnswer(testbed, random, operation)
            const maxAttempts = status === 429 || status === 401 ? 5 : 1
            // A create may be followed by one update.
            const maxWrites = name.includes("create") ? 2 * maxAttempts : maxAttempts
            expect(writes, `A1: ${text.slice(0, 500)}`).toBeLessThanOrEqual(maxWrites)
            yield* testbed.advance("10 minutes")
          }
        }),
    ),
  ),

  ...(["list", "get", "read before an update", "create", "update"] as const).map((name) =>
    changing(
      "H5",
      `${name}: a good answer with any one value changed ends in a value or a typed error`,
      { ...scheduled, ...needsOperation(name) },
      (testbed) =>
        Effect.gen(function* () {
          const random = Random.make(name.length + 60)
          for (let sample = 0; sample < 50; sample++) {
            const operation = (yield* attackedOperations(testbed))[name]
            yield* withOneValueChanged(testbed, random, operation)
            yield* testbed.run(testbed.administration.resume(testbed.sync), patience)
            yield* testbed.advance("10 minutes")
          }
        }),
    ),
  ),

  reading("H6", "unknown fields in an answer about configured syncs change nothing", scheduled, (testbed) =>
    Effect.gen(function* () {
      const { catalog, sync } = testbed
      const list = Effect.map(testbed.run(Stream.runCollect(catalog.list)), (syncs) => syncs.map(withoutUserFields))
      const get = Effect.map(testbed.run(catalog.get(sync)), withoutUserFields)
      const before = [yield* list, yield* get]
      testbed.wire.rewrite = (response) => Json.mapResponse(response, Json.withUnknownFields)
      expect([yield* list, yield* get]).toEqual(before)
    }),
  ),
]
