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
const withRef = ({ catalogue, administration }: ConfiguredLab, sync: SyncRef) =>
  ({
    get: catalogue.get(sync),
    update: administration.update(sync, { enabled: false, schedule: CoreSchedule.manual }),
    pause: administration.pause(sync),
    resume: administration.resume(sync),
    setSchedule: administration.setSchedule(sync, CoreSchedule.manual),
    delete: administration.delete(sync),
  }) satisfies Readonly<Record<string, Effect.Effect<unknown, unknown>>>

/** Every operation, and which of its requests are answered by force. */
const operations = Effect.fnUntraced(function* (lab: ConfiguredLab) {
  const { catalogue, administration, sync } = lab
  const definition = lab.definition(yield* lab.emulator.addParts())
  const read = (request: Wire.Seen["request"]) => !Wire.isWrite(request)
  const all: Record<string, readonly [Effect.Effect<unknown, unknown>, typeof read]> = {
    list: [Stream.runDrain(catalogue.list), read],
    get: [catalogue.get(sync), read],
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

/** The lab's sync has something to change. */
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
    changing("F2", `what is configured is out of reach for a ref of ${whose}, and nothing is sent`, {}, (lab) =>
      Effect.gen(function* () {
        const { workspace, vendor, ids } = lab.sync
        const made = {
          "another workspace": new SyncRef({ workspace: "other", vendor, ids }),
          "another vendor": new SyncRef({ workspace, vendor: "othervendor", ids }),
          "other ids": new SyncRef({ workspace, vendor, ids: { surprise: "1" } }),
        }
        for (const [name, operation] of Object.entries(withRef(lab, made[whose]))) {
          const error = Errors.retl(yield* lab.failure(operation))
          const reason = whose === "other ids" ? "InvalidRequest" : "WrongWorkspace"
          expect([error.reason._tag, error.delivery], name).toEqual([reason, "not-sent"])
        }
        expect(lab.wire.seen).toEqual([])
      }),
    ),
  ),

  changing("H1", "no id of a sync changes where a read or a change of it goes", {}, (lab) =>
    Effect.gen(function* () {
      const random = Random.make(31)
      const strange = [...hostileIds, ...Array.from({ length: 12 }, () => randomId(random))]
      // Together: an operation may know from another where something is.
      const paths = new Set<string>()
      for (const name of Object.keys(lab.ids)) {
        const known = lab.ids[name] ?? ""
        const others = (yield* lab.emulator.configured).flatMap(({ ids, parts }) => Object.values({ ...parts, ...ids }))
        for (const id of [known, ...wellFormed(strange)]) {
          const made = yield* Effect.result(lab.refOf({ ...lab.ids, [name]: id }))
          // An id that cannot be one makes no ref.
          if (Result.isFailure(made)) continue
          // Reads are answered as if the sync had this id; writes are refused.
          lab.wire.instead = (request) =>
            Wire.isWrite(request)
              ? Effect.succeed(Wire.response(400, "{}"))
              : Effect.map(
                  lab.emulator.transport.send({ ...request, url: swapped(request.url, id, known) }),
                  (response) =>
                    Wire.response(
                      response.status,
                      Wire.text(response).replaceAll(JSON.stringify(known), JSON.stringify(id)),
                      response.headers,
                    ),
                )
          for (const [what, operation] of Object.entries(withRef(lab, made.success))) {
            const before = lab.wire.seen.length
            const ended = yield* Effect.result(yield* lab.exit(operation, patience))
            if (Result.isFailure(ended)) expect(isTyped(ended.failure), String(ended.failure)).toBe(true)
            const shapes = lab.wire.seen.slice(before).map(({ request }) => shape(request, [id, ...others]))
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

  changing("H1, H6", "a name of any kind is kept as it is, or refused; it changes nothing else", {}, (lab) =>
    Effect.gen(function* () {
      const [first] = [lab.definition(yield* lab.emulator.addParts())]
      if (first.name === undefined) return yield* lab.skip("syncs of this vendor have no names")
      const random = Random.make(32)
      const strange = [...hostileIds, ...Array.from({ length: 12 }, () => randomId(random))]
      const paths = new Set<string>()
      for (const name of ["Benign", ...wellFormed(strange)]) {
        const parts = yield* lab.emulator.addParts()
        const before = lab.wire.seen.length
        const ended = yield* Effect.result(
          yield* lab.exit(lab.administration.create(lab.definition(parts, { name })), patience),
        )
        const known = [...Object.values(parts), ...(yield* lab.over(parts)).flatMap(({ ids }) => Object.values(ids))]
        const shapes = lab.wire.seen.slice(before).map(({ request }) => shape(request, known))
        for (const one of shapes) {
          if (name === "Benign") paths.add(one)
          else expect(Array.from(paths), JSON.stringify(name)).toContain(one)
        }
        const made = yield* lab.over(parts)
        if (Result.isFailure(ended)) {
          expect(isTyped(ended.failure)).toBe(true)
          expect(made, JSON.stringify(name)).toEqual([])
        } else expect([made.length, made[0]?.name, ended.success.name]).toEqual([1, name, name])
      }
      expect((yield* lab.emulator.configured).length, "names are kept").toBeGreaterThan(1)
    }),
  ),

  ...echoes.map(([how, echo]) =>
    changing(
      "H2",
      `the vendor echoes the token in ${how}, to what is asked of its configuration: it is in no error`,
      { ...scheduled, emulator: { token: "sk/live+9f8e7d6c5b4a==" } },
      (lab) =>
        Effect.gen(function* () {
          const { token } = lab.emulator
          for (const status of [200, 400, 403, 404, 409, 422, 500]) {
            for (const [name, [program, isHit]] of Object.entries(yield* operations(lab))) {
              const headers = { "x-request-id": `req-${token}`, "content-type": "application/json" }
              lab.wire.instead = (request) =>
                isHit(request) ? Effect.succeed(Wire.response(status, echo(token), headers)) : undefined
              const ended = yield* lab.exit(program, patience)
              expect(Secrets.find(token, ended), `${name}, ${status}`).toBe(undefined)
              lab.wire.instead = () => undefined
            }
          }
        }),
    ),
  ),

  ...[301, 302, 307].flatMap((status) =>
    (["create", "update", "delete"] as const).map((operation) =>
      changing("H3, A1", `a ${status} to ${operation} is an answer, never followed`, {}, (lab) =>
        Effect.gen(function* () {
          const location = status % 2 === 0 ? "/elsewhere" : "https://elsewhere.example/"
          yield* lab.emulator.fault(Fault.respond(operation, { status, headers: { location } }))
          const { administration, sync } = lab
          const parts = yield* lab.emulator.addParts()
          const programs: Record<typeof operation, Effect.Effect<unknown, unknown>> = {
            create: administration.create(lab.definition(parts)),
            update: administration.pause(sync),
            delete: administration.delete(sync),
          }
          expect(isTyped(yield* lab.failure(programs[operation], patience))).toBe(true)
          expect((yield* lab.emulator.calls).filter(({ path }) => path.includes("elsewhere"))).toEqual([])
          expect(yield* lab.count(operation)).toBe(1)
        }),
      ),
    ),
  ),

  ...names.map((name) =>
    changing(
      "H5, A1",
      `${name}: any status with any bytes ends in a value or a typed error, and one write`,
      scheduled,
      (lab) =>
        Effect.gen(function* () {
          const random = Random.make(name.length + 40)
          for (let sample = 0; sample < 50; sample++) {
            const answer = hostileAnswer(random)
            const [program, isHit] = (yield* operations(lab))[name] ?? expect.fail("unreachable")
            lab.wire.instead = (request) => (isHit(request) ? Effect.succeed(answer) : undefined)
            const before = lab.wire.seen.length
            const what = `${answer.status} ${JSON.stringify(answer.headers)} ${JSON.stringify(Wire.text(answer))}`
            endsWell(yield* lab.exit(program, patience), what)
            expect(lab.wire.seen.length - before, `no storm: ${what.slice(0, 500)}`).toBeLessThanOrEqual(400)
            const writes = lab.wire.seen.slice(before).filter(({ request }) => Wire.isWrite(request))
            const perWrite = answer.status === 429 || answer.status === 401 ? 5 : 1
            // A create may be followed by one update.
            const most = name.includes("create") ? 2 * perWrite : perWrite
            expect(writes.length, `A1: ${what.slice(0, 500)}`).toBeLessThanOrEqual(most)
            lab.wire.instead = () => undefined
            yield* lab.pass("10 minutes")
          }
        }),
    ),
  ),

  ...["list", "get", "look before an update", "create", "update"].map((name) =>
    changing(
      "H5",
      `${name}: a good answer with any one value changed ends in a value or a typed error`,
      scheduled,
      (lab) =>
        Effect.gen(function* () {
          const random = Random.make(name.length + 60)
          for (let sample = 0; sample < 50; sample++) {
            const [program, isHit] = (yield* operations(lab))[name] ?? expect.fail("unreachable")
            const value = random.pick(hostileValues)
            const where = random.next()
            let forged = ""
            lab.wire.changed = (response, request) => {
              if (!isHit(request)) return response
              const changed = Json.inResponse(response, (json) =>
                Json.replaceNth(json, Math.floor(where * Json.size(json)), () => value),
              )
              forged = Wire.text(changed)
              return changed
            }
            endsWell(yield* lab.exit(program, patience), forged)
            lab.wire.changed = (response) => response
            yield* lab.run(lab.administration.resume(lab.sync), patience)
            yield* lab.pass("10 minutes")
          }
        }),
    ),
  ),

  reading("H6", "fields that nobody knows change nothing in how what is configured is read", scheduled, (lab) =>
    Effect.gen(function* () {
      const listed = Effect.map(lab.run(Stream.runCollect(lab.catalogue.list)), (syncs) => syncs.map(readOnly))
      const one = Effect.map(lab.run(lab.catalogue.get(lab.sync)), readOnly)
      const before = [yield* listed, yield* one]
      const news = { surprise: { deep: [1, null, "x"] }, anotherOne: null }
      lab.wire.changed = (response) =>
        Json.inResponse(response, (json) =>
          Json.transform(json, (value) =>
            typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value, ...news } : value,
          ),
        )
      expect([yield* listed, yield* one]).toEqual(before)
    }),
  ),
]
