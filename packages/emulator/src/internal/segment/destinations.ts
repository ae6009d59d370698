/** Destinations: list, create, read, change, delete. */
import type { SegmentSwitches } from "../../SegmentSwitches.ts"
import type { Moment, Route } from "../engine/dialect.ts"
import type { Setting } from "../engine/make.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import type { Reply } from "../http/reply.ts"
import { type Account, type Destination, keyOf } from "./account.ts"
import { flag, id, optional, record, required, text, textOrNull } from "./body.ts"
import * as Checks from "./checks.ts"
import * as Media from "./media.ts"
import * as Lists from "./pages.ts"
import * as Wire from "./wire.ts"

const createRules = {
  sourceId: required(id),
  metadataId: required(id),
  settings: required(record),
  enabled: optional(flag),
  name: optional(text),
}

const updateRules = { name: optional(textOrNull), enabled: optional(flag), settings: optional(record) }

type Creation = {
  readonly sourceId: string
  readonly metadataId: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly enabled?: boolean
  readonly name?: string
}

interface Change {
  readonly name?: string | null
  readonly enabled?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
}

export interface Destinations {
  readonly list: (incoming: Incoming) => Route
  readonly create: (incoming: Incoming) => Route
  readonly get: (destination: string) => Route
  readonly update: (destination: string, incoming: Incoming) => Route
  readonly remove: (destination: string) => Route
}

export const makeDestinations = (
  { world, mint, settings }: Setting<SegmentSwitches>,
  account: Account,
): Destinations => {
  const missing = (destination: string): Reply => Wire.notFound("Destination", destination)
  const shown = (destination: Destination) => ({
    id: destination.id,
    enabled: destination.enabled,
    name: destination.name,
    settings: masked(destination),
    metadata: destination.kind.metadata,
    sourceId: account.sourceOf(destination),
  })
  const answer = (destination: Destination): Reply =>
    Media.answer(settings(), Media.stable, { destination: shown(destination) })
  /** A change of a destination, with all its syncs brought up to date first. */
  const change = (destination: string, handle: (found: Destination, moment: Moment) => Reply): Route => ({
    operation: "changePart",
    handle: (moment) => {
      const found = account.destinations.get(destination)
      if (found === undefined) return missing(destination)
      for (const sync of account.subscriptions(destination)) world.advance(sync, moment.now)
      return handle(found, moment)
    },
  })

  return {
    list: (incoming) => ({
      operation: "parts",
      handle: ({ view }) =>
        Lists.answer(settings(), incoming, Media.stable, account.destinations.values(), view, (found, page, total) => ({
          destinations: found.map(shown),
          pagination: Lists.pagination(settings(), page, total),
        })),
    }),
    create: (incoming) => ({
      operation: "changePart",
      handle: ({ now }) => {
        const body = parseObject(incoming.body)
        const problem = Checks.refusal(settings(), incoming, body, createRules, Media.stable)
        if (problem !== undefined) return problem
        const { sourceId, metadataId, enabled = true, name = "", ...made } = body as Creation
        if (!account.hasSource(sourceId)) return Wire.notFound("Source", sourceId)
        const kind = account.catalog.kinds.find(({ metadata }) => metadata.id === metadataId)
        if (kind === undefined) return Wire.notFound("Destination metadata", metadataId)
        const others = [...account.destinations.values()]
        if (kind.single && others.some((other) => other.kind === kind && other.sourceId === sourceId)) {
          return Wire.badRequest("Multiple configurations of this destination type not supported.")
        }
        const destination: Destination = {
          id: mint.short("destination"),
          sourceId,
          isFromOutside: false,
          kind,
          createdAt: now,
          name,
          enabled,
          settings: made.settings,
        }
        account.destinations.set(destination.id, destination)
        return answer(destination)
      },
    }),
    get: (destination) => ({
      operation: "parts",
      handle: ({ view }) => {
        const found = account.destinations.get(destination)
        return found === undefined || found.createdAt > view ? missing(destination) : answer(found)
      },
    }),
    update: (destination, incoming) =>
      change(destination, (found, { now }) => {
        const set = settings()
        const body = parseObject(incoming.body)
        const problem = Checks.refusal(set, incoming, body, updateRules, Media.stable)
        if (problem !== undefined) return problem
        const { name, enabled, settings: changes } = body as Change
        if (changes !== undefined) {
          const { readOnly } = found.kind
          const writable = Object.entries(changes).filter(([key]) => !readOnly.has(key))
          if (writable.length === 0 && Object.keys(changes).length > 0) {
            return Wire.badRequest("The settings are read-only.")
          }
          const kept = Object.entries(found.settings).filter(
            ([key]) => set.settingsUpdate === "merge" || readOnly.has(key),
          )
          found.settings = Object.fromEntries([...kept, ...writable])
        }
        if (name !== undefined) found.name = name ?? ""
        if (enabled !== undefined) {
          found.enabled = enabled
          for (const sync of account.subscriptions(destination)) account.retime(sync, now)
        }
        return answer(found)
      }),
    remove: (destination) =>
      change(destination, () => {
        for (const { ids } of account.subscriptions(destination)) {
          account.events.delete(ids["subscription"] ?? "")
          world.remove(keyOf(ids["model"], ids["subscription"]))
        }
        account.destinations.delete(destination)
        return Media.answer(settings(), Media.stable, { status: "SUCCESS" })
      }),
  }
}

/** Secrets are not shown. */
const masked = ({ settings, kind }: Destination): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, kind.secret.has(key) ? "••••••••••" : value]))
