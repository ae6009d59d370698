/** What is configured, under hostile refs, names and answers. */

import { SyncRef } from "@openretl/core/Ref"
import * as CoreSchedule from "@openretl/core/Schedule"
import type { Sync } from "@openretl/core/Sync"
import { Fault } from "@openretl/emulator"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { expect } from "vitest"
import { type ConfiguredLab, changing, reading } from "../internal/configured.ts"
import * as Errors from "../internal/errors.ts"
import { endsWell, answer as hostileAnswer, hostileValues } from "../internal/hostileAnswers.ts"
import { echoes, hostileIds, isTyped, randomId, shape } from "../internal/hostileInput.ts"
import * as Json from "../internal/json.ts"
import * as Random from "../internal/random.ts"
import * as Secrets from "../internal/secrets.ts"
import * as Wire from "../internal/wire.ts"
import type { Law } from "../Law.ts"

/** Every operation that takes a ref. */
const withRef = ({ catalog, administration }: ConfiguredLab, sync: SyncRef) =>
  ({
    get: catalog.get(sync),
    update: administration.update(sync, { enabled: false, schedule: CoreSchedule.manual }),
    pause: administration.pause(sync),
    resume: administration.resume(sync),
    setSchedule: administration.setSchedule(sync, CoreSchedule.manual),
    delete: administration.delete(sync),
  }) satisfies Readonly<Record<string, Effect.Effect<unknown, unknown>>>

/** Every operation, and which of its requests are answered by force. */
const operations = Effect.fnUntraced(function* (testbed: ConfiguredLab) {
  const { catalog, administration, sync } = testbed
  const definition = testbed.definition(yield* testbed.emulator.addParts())
  const read = (request: Wire.Seen["request"]) => !Wire.isWrite(request)
  const all: Record<string, readonly [Effect.Effect<unknown, unknown>, typeof read]> = {
    list: [Stream.runDrain(catalog.list), read],
    get: [catalog.get(sync), read],
    "look before a create": [administration.create(definition), read],
    "look before an update": [administration.pause(sync), read],
    "look before a delete": [administration.delete(sync), read],
    create: [administration.create(definition), Wire.isWrite],
    update: [administration.update(sync, { enabled: false, schedule: CoreSchedule.manual }), Wire.isWrite],
    delete: [administration.delete(sync), Wire.isWrite],
  }
  return all
})

const names = [
  "list",
  "get",
  "look before a create",
  "look before an update",
  "look before a delete",
  "create",
  "update",
  "delete",
]

/** The testbed's sync has something to change. */
const scheduled = { sync: { schedule: { every: "2 hours" } } } as const

/** Without what is a record of the user's own fields at some vendors: a new name in there is a new field. */
const readOnly = ({ native: _, mapping: __, unreadMapping: ___, maskedSettings: ____, ...sync }: Sync) => sync

const patience = "200 hours"

/** In a path, in a query, or in a body. */
const swapped = (text: string, from: string, to: string): string => {
  const forms = (id: string) => [encodeURIComponent(id), new URLSearchParams({ id }).toString().slice(3)]
  const [path = "", query = ""] = forms(from)
  return text.replaceAll(path, encodeURIComponent(to)).replaceAll(query, encodeURIComponent(to))
}

const wellFormed = (ids: ReadonlyArray<string>) => ids.filter((id) => id.isWellFormed())

export const hostileConfiguration: ReadonlyArray<Law> = [
  ...(["another workspace", "another vendor", "other ids"] as const).map((whose) =>
    changing("F2", `what is configured is out of reach for a ref of ${whose}, and nothing is sent`, {}, (testbed) =>
      Effect.gen(function* () {
        const { workspace, vendor, ids } = testbed.sync
        const made = {
          "another workspace": new SyncRef({ workspace: "other", vendor, ids }),
          "another vendor": new SyncRef({ workspace, vendor: "othervendor", ids }),
          "other ids": new SyncRef({ workspace, vendor, ids: { surprise: "1" } }),
        }
        for (const [name, operation] of Object.entries(withRef(testbed, made[whose]))) {
          const error = Errors.retl(yield* testbed.failure(operation))
          const reason = whose === "other ids" ? "InvalidRequest" : "WrongWorkspace"
          expect([error.reason._tag, error.delivery], name).toEqual([reason, "not-sent"])
        }
        expect(testbed.wire.seen).toEqual([])
      }),
    ),
  ),

  changing("H1", "no id of a sync changes where a read or a change of it goes", {}, (testbed) =>
    Effect.gen(function* () {
      const random = Random.make(31)
      const strange = [...hostileIds, ...Array.from({ length: 12 }, () => randomId(random))]
      // Together: an operation may know from another where something is.
      const paths = new Set<string>()
      for (const name of Object.keys(testbed.ids)) {
        const known = testbed.ids[name] ?? ""
        const others = (yield* testbed.emulator.syncs).flatMap(({ ids, parts }) => Object.values({ ...parts, ...ids }))
        for (const id of [known, ...wellFormed(strange)]) {
          const made = yield* Effect.result(testbed.refOf({ ...testbed.ids, [name]: id }))
          // An id that cannot be one makes no ref.
          if (Result.isFailure(made)) continue
          // Reads are answered as if the sync had this id; writes are refused.
          testbed.wire.instead = (request) =>
            Wire.isWrite(request)
              ? Effect.succeed(Wire.response(400, "{}"))
              : Effect.map(
                  testbed.emulator.transport.send({ ...request, url: swapped(request.url, id, known) }),
                  (response) =>
                    Wire.response(
                      response.status,
                      Wire.text(response).replaceAll(JSON.stringify(known), JSON.stringify(id)),
                      response.headers,
                    ),
                )
          for (const [what, operation] of Object.entries(withRef(testbed, made.success))) {
            const before = testbed.wire.seen.length
            const ended = yield* Effect.result(yield* testbed.exit(operation, patience))
            if (Result.isFailure(ended)) expect(isTyped(ended.failure), String(ended.failure)).toBe(true)
            const shapes = testbed.wire.seen.slice(before).map(({ request }) => shape(request, [id, ...others]))
            for (const one of shapes) {
              if (id === known) paths.add(one)
              else expect(Array.from(paths), `${what} ${JSON.stringify(id)}`).toContain(one)
            }
          }
        }
        expect(Array.from(paths).filter((one) => one.startsWith("DELETE"))).not.toEqual([])
      }
    }),
  ),

  changing("H1, H6", "a name of any kind is kept as it is, or refused; it changes nothing else", {}, (testbed) =>
    Effect.gen(function* () {
      const [first] = [testbed.definition(yield* testbed.emulator.addParts())]
      if (first.name === undefined) return yield* testbed.skip("syncs of this vendor have no names")
      const random = Random.make(32)
      const strange = [...hostileIds, ...Array.from({ length: 12 }, () => randomId(random))]
      const paths = new Set<string>()
      for (const name of ["Benign", ...wellFormed(strange)]) {
        const parts = yield* testbed.emulator.addParts()
        const before = testbed.wire.seen.length
        const ended = yield* Effect.result(
          yield* testbed.exit(testbed.administration.create(testbed.definition(parts, { name })), patience),
        )
        const known = [
          ...Object.values(parts),
          ...(yield* testbed.over(parts)).flatMap(({ ids }) => Object.values(ids)),
        ]
        const shapes = testbed.wire.seen.slice(before).map(({ request }) => shape(request, known))
        for (const one of shapes) {
          if (name === "Benign") paths.add(one)
          else expect(Array.from(paths), JSON.stringify(name)).toContain(one)
        }
        const made = yield* testbed.over(parts)
        if (Result.isFailure(ended)) {
          expect(isTyped(ended.failure)).toBe(true)
          expect(made, JSON.stringify(name)).toEqual([])
        } else expect([made.length, made[0]?.name, ended.success.name]).toEqual([1, name, name])
      }
      expect((yield* testbed.emulator.syncs).length, "names are kept").toBeGreaterThan(1)
    }),
  ),

  ...echoes.map(([how, echo]) =>
    changing(
      "H2",
      `the vendor echoes the token in ${how}, to what is asked of its configuration: it is in no error`,
      { ...scheduled, emulator: { token: "sk/live+9f8e7d6c5b4a==" } },
      (testbed) =>
        Effect.gen(function* () {
          const { token } = testbed.emulator
          for (const status of [200, 400, 403, 404, 409, 422, 500]) {
            for (const [name, [program, isHit]] of Object.entries(yield* operations(testbed))) {
              const headers = { "x-request-id": `req-${token}`, "content-type": "application/json" }
              testbed.wire.instead = (request) =>
                isHit(request) ? Effect.succeed(Wire.response(status, echo(token), headers)) : undefined
              const ended = yield* testbed.exit(program, patience)
              expect(Secrets.find(token, ended), `${name}, ${status}`).toBe(undefined)
              testbed.wire.instead = () => undefined
            }
          }
        }),
    ),
  ),

  ...[301, 302, 307].flatMap((status) =>
    (["create", "update", "delete"] as const).map((operation) =>
      changing("H3, A1", `a ${status} to ${operation} is an answer, never followed`, {}, (testbed) =>
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
          expect(isTyped(yield* testbed.failure(programs[operation], patience))).toBe(true)
          expect((yield* testbed.emulator.calls).filter(({ path }) => path.includes("elsewhere"))).toEqual([])
          expect(yield* testbed.count(operation)).toBe(1)
        }),
      ),
    ),
  ),

  ...names.map((name) =>
    changing(
      "H5, A1",
      `${name}: any status with any bytes ends in a value or a typed error, and one write`,
      scheduled,
      (testbed) =>
        Effect.gen(function* () {
          const random = Random.make(name.length + 40)
          for (let sample = 0; sample < 50; sample++) {
            const answer = hostileAnswer(random)
            const [program, isHit] = (yield* operations(testbed))[name] ?? expect.fail("unreachable")
            testbed.wire.instead = (request) => (isHit(request) ? Effect.succeed(answer) : undefined)
            const before = testbed.wire.seen.length
            const what = `${answer.status} ${JSON.stringify(answer.headers)} ${JSON.stringify(Wire.text(answer))}`
            endsWell(yield* testbed.exit(program, patience), what)
            expect(testbed.wire.seen.length - before, `no storm: ${what.slice(0, 500)}`).toBeLessThanOrEqual(400)
            const writes = testbed.wire.seen.slice(before).filter(({ request }) => Wire.isWrite(request))
            const perWrite = answer.status === 429 || answer.status === 401 ? 5 : 1
            // A create may be followed by one update.
            const most = name.includes("create") ? 2 * perWrite : perWrite
            expect(writes.length, `A1: ${what.slice(0, 500)}`).toBeLessThanOrEqual(most)
            testbed.wire.instead = () => undefined
            yield* testbed.pass("10 minutes")
          }
        }),
    ),
  ),

  ...["list", "get", "look before an update", "create", "update"].map((name) =>
    changing(
      "H5",
      `${name}: a good answer with any one value changed ends in a value or a typed error`,
      scheduled,
      (testbed) =>
        Effect.gen(function* () {
          const random = Random.make(name.length + 60)
          for (let sample = 0; sample < 50; sample++) {
            const [program, isHit] = (yield* operations(testbed))[name] ?? expect.fail("unreachable")
            const value = random.pick(hostileValues)
            const where = random.next()
            let forged = ""
            testbed.wire.changed = (response, request) => {
              if (!isHit(request)) return response
              const changed = Json.inResponse(response, (json) =>
                Json.replaceNth(json, Math.floor(where * Json.size(json)), () => value),
              )
              forged = Wire.text(changed)
              return changed
            }
            endsWell(yield* testbed.exit(program, patience), forged)
            testbed.wire.changed = (response) => response
            yield* testbed.run(testbed.administration.resume(testbed.sync), patience)
            yield* testbed.pass("10 minutes")
          }
        }),
    ),
  ),

  reading("H6", "fields that nobody knows change nothing in how what is configured is read", scheduled, (testbed) =>
    Effect.gen(function* () {
      const listed = Effect.map(testbed.run(Stream.runCollect(testbed.catalog.list)), (syncs) => syncs.map(readOnly))
      const one = Effect.map(testbed.run(testbed.catalog.get(testbed.sync)), readOnly)
      const before = [yield* listed, yield* one]
      const news = { surprise: { deep: [1, null, "x"] }, anotherOne: null }
      testbed.wire.changed = (response) =>
        Json.inResponse(response, (json) =>
          Json.transform(json, (value) =>
            typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, ...news } : value,
          ),
        )
      expect([yield* listed, yield* one]).toEqual(before)
    }),
  ),
]
