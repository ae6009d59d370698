/** What the routes of one RudderStack account share. */
import type { RudderStackSwitches } from "../../RudderStackSwitches.ts"
import type { Settings } from "../../Switch.ts"
import type { Setting } from "../engine/make.ts"
import type { Reply } from "../http/reply.ts"
import type { MutableCall } from "../world/calls.ts"
import type { Mint } from "../world/random.ts"
import type { World } from "../world/world.ts"
import * as Wire from "./wire.ts"

export interface Source {
  readonly id: string
  /** The request that made it, where one did, and when. */
  readonly call?: MutableCall
  readonly createdAt?: number
  readonly sourceType: "model" | "table"
  readonly sourceDefinitionName: string
  name: string
  config: Readonly<Record<string, unknown>>
  enabled: boolean
  accountId: string
  externalId?: string
  updatedAt?: number
}

export interface Account {
  readonly world: World
  readonly mint: Mint
  readonly settings: () => Settings<RudderStackSwitches>
  readonly stopTakes: number
  readonly sources: Map<string, Source>
  readonly destinations: Set<string>
  /** By source and destination: the last connection of a pair that was deleted. */
  readonly deleted: Map<string, string>
  readonly fail: (status: number, message: string, extra?: Readonly<Record<string, unknown>>) => Reply
  /** The vendor's answer to a body that is not right, a message by field. */
  readonly invalid: (details: Readonly<Record<string, string>>) => Reply
  /** The refusal of the routes that are not on the public page, where they are closed to the account. */
  readonly closed: () => Reply | undefined
}

export const makeAccount = ({ world, mint, settings, stopTakes }: Setting<RudderStackSwitches>): Account => {
  const fail: Account["fail"] = (status, message, extra) => Wire.failure(settings(), status, message, extra)
  return {
    world,
    mint,
    settings,
    stopTakes,
    sources: new Map(),
    destinations: new Set(),
    deleted: new Map(),
    fail,
    invalid: (details) => fail(400, "request validation failed", { details }),
    closed: () => {
      const { connectionsList } = settings()
      if (connectionsList === "403") return fail(403, "Feature is not enabled for your account.")
      return connectionsList === "404" ? fail(404, "not found") : undefined
    },
  }
}

/** Whether a read that is as old as `view` shows it. What was set up from outside has always been there. */
export const isShown = (
  thing: { readonly call?: MutableCall | undefined; readonly createdAt?: number },
  view: number,
) => thing.call === undefined || (thing.createdAt ?? 0) <= view
