/** Destinations: list, read, create, update and delete. */

import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import type { Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import type { Account, Destination } from "./account.ts"
import { bodyRefusal, boolean, id, optional, record, required, text, textOrNull } from "./body.ts"
import * as Media from "./media.ts"
import * as Pages from "./pages.ts"
import * as Wire from "./wire.ts"

const createRules = {
  sourceId: required(id),
  metadataId: required(id),
  settings: required(record),
  enabled: optional(boolean),
  name: optional(text),
}

const updateRules = { name: optional(textOrNull), enabled: optional(boolean), settings: optional(record) }

type CreateFields = {
  readonly sourceId: string
  readonly metadataId: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly enabled?: boolean
  readonly name?: string
}

interface UpdateFields {
  readonly name?: string | null
  readonly enabled?: boolean
  readonly settings?: Readonly<Record<string, unknown>>
}

/** The routes of destinations. */
export interface Destinations {
  readonly list: (request: IncomingRequest) => Route
  readonly create: (request: IncomingRequest) => Route
  readonly get: (destinationId: string) => Route
  readonly update: (destinationId: string, request: IncomingRequest) => Route
  readonly remove: (destinationId: string) => Route
}

export const makeDestinations = (account: Account): Destinations => {
  const { world, mint, currentSwitches } = account
  const destinationNotFound = (destinationId: string): Reply => Wire.notFound("Destination", destinationId)
  const bodyOf = (destination: Destination) => ({
    id: destination.id,
    enabled: destination.enabled,
    name: destination.name,
    settings: maskedSettings(destination),
    metadata: destination.kind.metadata,
    sourceId: account.shownSourceOf(destination),
  })
  const destinationReply = (destination: Destination): Reply =>
    Media.dataReply(currentSwitches(), Media.stable, { destination: bodyOf(destination) })
  /** A route that changes one destination, after its syncs were advanced to the present. */
  const changeRoute = (
    destinationId: string,
    change: (destination: Destination, context: RequestContext) => Reply,
  ): Route => ({
    operation: "changePart",
    handle: (context) => {
      const destination = account.destinations.get(destinationId)
      if (destination === undefined) return destinationNotFound(destinationId)
      for (const sync of account.subscriptionsOf(destinationId)) world.advance(sync, context.now)
      return change(destination, context)
    },
  })

  return {
    list: (request) => ({
      operation: "parts",
      handle: ({ asOf }) =>
        Pages.listReply(
          currentSwitches(),
          request,
          Media.stable,
          account.destinations.values(),
          asOf,
          (destinations, page, total) => ({
            destinations: destinations.map(bodyOf),
            pagination: Pages.pagination(currentSwitches(), page, total),
          }),
        ),
    }),
    create: (request) => ({
      operation: "changePart",
      handle: ({ now }) => {
        const body = parseObject(request.body)
        const refusal = bodyRefusal(currentSwitches(), request, body, createRules, Media.stable)
        if (refusal !== undefined) return refusal
        const { sourceId, metadataId, enabled = true, name = "", settings } = body as CreateFields
        if (!account.hasSource(sourceId)) return Wire.notFound("Source", sourceId)
        const kind = account.catalog.kinds.find(({ metadata }) => metadata.id === metadataId)
        if (kind === undefined) return Wire.notFound("Destination metadata", metadataId)
        const others = [...account.destinations.values()]
        if (kind.isSingle && others.some((other) => other.kind === kind && other.sourceId === sourceId)) {
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
          settings,
        }
        account.destinations.set(destination.id, destination)
        return destinationReply(destination)
      },
    }),
    get: (destinationId) => ({
      operation: "parts",
      handle: ({ asOf }) => {
        const destination = account.destinations.get(destinationId)
        return destination === undefined || destination.createdAt > asOf
          ? destinationNotFound(destinationId)
          : destinationReply(destination)
      },
    }),
    update: (destinationId, request) =>
      changeRoute(destinationId, (destination, { now }) => {
        const switches = currentSwitches()
        const body = parseObject(request.body)
        const refusal = bodyRefusal(switches, request, body, updateRules, Media.stable)
        if (refusal !== undefined) return refusal
        const { name, enabled, settings } = body as UpdateFields
        if (settings !== undefined) {
          const { readOnlySettings } = destination.kind
          const writableSettings = Object.entries(settings).filter(([key]) => !readOnlySettings.has(key))
          if (writableSettings.length === 0 && Object.keys(settings).length > 0) {
            return Wire.badRequest("The settings are read-only.")
          }
          const keptSettings = Object.entries(destination.settings).filter(
            ([key]) => switches.settingsUpdate === "merge" || readOnlySettings.has(key),
          )
          destination.settings = Object.fromEntries([...keptSettings, ...writableSettings])
        }
        if (name !== undefined) destination.name = name ?? ""
        if (enabled !== undefined) {
          destination.enabled = enabled
          for (const sync of account.subscriptionsOf(destinationId)) account.restartSchedule(sync, now)
        }
        return destinationReply(destination)
      }),
    remove: (destinationId) =>
      changeRoute(destinationId, (_, { now }) => {
        for (const sync of account.subscriptionsOf(destinationId)) account.removeSubscription(sync, now)
        account.destinations.delete(destinationId)
        return Media.dataReply(currentSwitches(), Media.stable, { status: "SUCCESS" })
      }),
  }
}

/** The settings as answers show them: secrets are masked. */
const maskedSettings = ({ settings, kind }: Destination): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, kind.secretSettings.has(key) ? "••••••••••" : value]),
  )
