/** How tests configure syncs at each vendor, in one form. */
import { RudderStackEmulator, SegmentEmulator, ZeotapEmulator } from "@openretl/emulator"
import type { Emulator, Ids, Options } from "@openretl/emulator/Emulator"
import { Effect } from "effect"
import { type Answer, sendTo } from "./client.ts"

/** A sync as an answer shows it. */
export interface Shown {
  readonly id: string | undefined
  readonly isEnabled: boolean
  /** What the tests change: the name, or RudderStack's constants, which have none. */
  readonly label: unknown
  /** The vendor's schedule; `undefined` for none, or a manual one. */
  readonly schedule: unknown
}

/** One emulator with its API. */
export interface Configuring {
  readonly emulator: Emulator
  /** Sends a create of a sync over new parts, and returns the id of the answer. */
  readonly create: Effect.Effect<string | undefined, unknown>
  readonly createAnswer: Effect.Effect<Answer, unknown>
  /** Sends an update that disables the sync. */
  readonly pause: (id: string | undefined) => Effect.Effect<Answer, unknown>
  readonly resume: (id: string | undefined) => Effect.Effect<Answer, unknown>
  readonly remove: (id: string | undefined) => Effect.Effect<Answer, unknown>
  readonly read: (id: string | undefined) => Effect.Effect<Answer, unknown>
  /** Returns the syncs of the list. */
  readonly list: Effect.Effect<ReadonlyArray<Shown>, unknown>
  /** Returns the sync of an answer to a create, an update or a read. */
  readonly shownIn: (answer: Answer) => Shown
  readonly start: (id: string | undefined) => Effect.Effect<Answer, unknown>
  /** The ids of the created sync. */
  readonly idsOf: (id: string | undefined) => Ids
}

const segment = (options: Options) =>
  Effect.gen(function* () {
    const emulator = yield* SegmentEmulator.make(options)
    const parts = yield* emulator.addParts()
    const root = `/destinations/${parts["destination"]}/subscriptions`
    const body = { name: "s", actionId: parts["action"], trigger: "t", enabled: false, modelId: parts["model"] }
    const update = (id: string | undefined, input: object) =>
      sendTo(emulator, "PATCH", `${root}/${id}`, { body: { input } })
    const toShown = (sync: Answer["json"]): Shown => ({
      id: sync.id,
      isEnabled: sync.enabled,
      label: sync.name,
      schedule: sync.reverseETLSchedule?.strategy === "MANUAL" ? undefined : sync.reverseETLSchedule,
    })
    const shownIn = ({ json }: Answer) => toShown(json.data.subscription ?? json.data.destinationSubscription)
    const createAnswer = sendTo(emulator, "POST", root, { body })
    const idsOf = (id = ""): Ids => ({ source: parts["source"] ?? "", model: parts["model"] ?? "", subscription: id })
    return {
      emulator,
      createAnswer,
      create: Effect.map(createAnswer, (answer) => shownIn(answer).id),
      pause: (id) => update(id, { enabled: false }),
      resume: (id) => update(id, { enabled: true }),
      remove: (id) => sendTo(emulator, "DELETE", `${root}/${id}`),
      read: (id) => sendTo(emulator, "GET", `${root}/${id}`),
      list: Effect.map(sendTo(emulator, "GET", root), ({ json }) => json.data.subscriptions.map(toShown)),
      shownIn,
      start: (id) =>
        sendTo(emulator, "POST", "/reverse-etl-syncs", {
          body: { sourceId: parts["source"], modelId: parts["model"], subscriptionId: id },
        }),
      idsOf,
    } satisfies Configuring
  })

const rudderstack = (options: Options) =>
  Effect.gen(function* () {
    const emulator = yield* RudderStackEmulator.make(options)
    const root = "/v2/retl-connections"
    const schedule = { type: "manual" }
    const update = (id: string | undefined, body: object) =>
      sendTo(emulator, "PUT", `${root}/${id}`, { body: { schedule, ...body } })
    const toShown = (sync: Answer["json"]): Shown => ({
      id: sync.id,
      isEnabled: sync.enabled,
      label: sync.mappings,
      schedule: sync.schedule.type === "manual" ? undefined : sync.schedule,
    })
    const shownIn = ({ json }: Answer) => toShown(json)
    const createAnswer = Effect.gen(function* () {
      const { source, destination } = yield* emulator.addParts()
      const identifiers = [{ from: "email", to: "user_id" }]
      const body = { sourceId: source, destinationId: destination, enabled: false, schedule, identifiers }
      return yield* sendTo(emulator, "POST", root, { body: { ...body, event: { type: "identify" } } })
    })
    return {
      emulator,
      createAnswer,
      create: Effect.map(createAnswer, (answer) => shownIn(answer).id),
      pause: (id) => update(id, { enabled: false }),
      resume: (id) => update(id, { enabled: true }),
      remove: (id) => sendTo(emulator, "DELETE", `${root}/${id}`),
      read: (id) => sendTo(emulator, "GET", `${root}/${id}`),
      list: Effect.map(sendTo(emulator, "GET", root), ({ json }) => json.data.map(toShown)),
      shownIn,
      start: (id) => sendTo(emulator, "POST", `${root}/${id}/start`, { body: { syncType: "full" } }),
      idsOf: (id = ""): Ids => ({ connection: id }),
    } satisfies Configuring
  })

const zeotap = (options: Options) =>
  Effect.gen(function* () {
    const emulator = yield* ZeotapEmulator.make(options)
    const { model, destination } = yield* emulator.addParts()
    const root = `/api/v1/workspaces/${emulator.workspace.id}/syncs`
    const update = (id: string | undefined, body: object) => sendTo(emulator, "PUT", `${root}/${id}`, { body })
    const toShown = (sync: Answer["json"]): Shown => ({
      id: sync.id,
      isEnabled: sync.status === "active",
      label: sync.name,
      schedule: sync.schedule,
    })
    const shownIn = ({ json }: Answer) => toShown(json)
    const createAnswer = sendTo(emulator, "POST", root, {
      body: {
        name: "s",
        model_id: model,
        destination_id: destination,
        field_mapping: [{ source_column: "email", destination_field: "Email" }],
        sync_mode: "upsert",
        primary_key: "id",
      },
    })
    return {
      emulator,
      createAnswer,
      create: Effect.map(createAnswer, (answer) => shownIn(answer).id),
      pause: (id) => update(id, { status: "paused" }),
      resume: (id) => update(id, { status: "active" }),
      remove: (id) => sendTo(emulator, "DELETE", `${root}/${id}`),
      read: (id) => sendTo(emulator, "GET", `${root}/${id}`),
      list: Effect.map(sendTo(emulator, "GET", root), ({ json }) => json.map(toShown)),
      shownIn,
      start: (id) => sendTo(emulator, "POST", `${root}/${id}/trigger`),
      idsOf: (id = ""): Ids => ({ sync: id }),
    } satisfies Configuring
  })

/** Each vendor with what makes its emulator. */
export const configurings: ReadonlyArray<{
  readonly name: "segment" | "rudderstack" | "zeotap"
  readonly setup: (options?: Options) => Effect.Effect<Configuring>
}> = [
  { name: "segment", setup: (options = {}) => segment(options) },
  { name: "rudderstack", setup: (options = {}) => rudderstack(options) },
  { name: "zeotap", setup: (options = {}) => zeotap(options) },
]
