/** The lanes of one token, without a clock. */
import { Deferred, Effect, Exit } from "effect"
import type { RateLimit as Limit, Operation } from "../../src/driver/Description.ts"
import * as Lanes from "../../src/engine/rate-limit/lanes.ts"

export const never = Number.POSITIVE_INFINITY

export const limit = (
  requests: number,
  operations: Limit["operations"] = "all",
  window: Limit["window"] = "1 minute",
): Limit => ({
  name: "limit",
  requests,
  window,
  operations,
})

/** The lanes of one token, with one workspace and these limits. */
export const make = (limits: ReadonlyArray<Limit> = [], share = 1) => {
  const lanes = Lanes.make()
  const workspace = {}
  Lanes.join(lanes, workspace, share)
  const laneOf = (operation: Operation = "get") => Lanes.laneOf(lanes, limits, operation)

  const queue = (
    priority: Lanes.Priority = Lanes.Priority.read,
    options: {
      readonly operation?: Operation
      readonly isHeld?: boolean
      readonly at?: number
      readonly patience?: number
    } = {},
  ): Lanes.Waiter => {
    const { operation = "get", isHeld = false, at = 0, patience = 60_000 } = options
    const waiter: Lanes.Waiter = {
      ...{ priority, isHeld, patience, workspace, queuedAt: at },
      isPoll: priority === Lanes.Priority.poll,
      lane: laneOf(operation),
      outcome: Deferred.makeUnsafe(),
    }
    lanes.waiting.push(waiter)
    return waiter
  }
  /** Grants a request at once, and sends it. */
  const send = (at: number, sentAt = at): Lanes.Grant => {
    const waiter = queue(Lanes.Priority.read, { at })
    Lanes.grantAll(lanes, at)
    const grant = granted(waiter)
    if (grant === undefined) throw new Error("it is not granted")
    Lanes.send(grant, sentAt)
    return grant
  }
  return { lanes, workspace, laneOf, queue, send }
}

export const exitOf = ({ outcome }: Lanes.Waiter) => {
  const fiber = Effect.runFork(Deferred.await(outcome))
  const exit = fiber.pollUnsafe()
  fiber.interruptUnsafe()
  return exit
}

export const granted = (waiter: Lanes.Waiter): Lanes.Grant | undefined => {
  const exit = exitOf(waiter)
  return exit !== undefined && Exit.isSuccess(exit) ? exit.value : undefined
}

/** Returns the rest of the pause with which a request was refused. */
export const refused = (waiter: Lanes.Waiter): number | undefined => {
  const exit = exitOf(waiter)
  return exit !== undefined && Exit.isFailure(exit) ? Effect.runSync(Effect.flip(exit)) : undefined
}
