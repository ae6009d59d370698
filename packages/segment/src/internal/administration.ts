/** Creating, changing and deleting mappings: subscriptions of a destination, with a model. */
import type { Writes } from "@openretl/core/Administration"
import type { Requests, Snapshot } from "@openretl/core/Catalog"
import type { Change } from "@openretl/core/Change"
import * as Reason from "@openretl/core/Reason"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { SegmentClient } from "../SegmentClient.ts"
import { orNothing, subscriptions } from "./catalog.ts"
import * as Definition from "./definition.ts"
import type { MappingLocations } from "./mappingLocations.ts"
import * as Schedules from "./schedule.ts"
import * as Settings from "./settings.ts"
import { type Known, Parts, snapshot } from "./syncFromWire.ts"

export const make = (client: SegmentClient, mappingLocations: MappingLocations): Writes => {
  /** Of the definition at hand: what its answer does not show, as it was read right before. Changes go one at a time. */
  let around: Omit<Parts, "subscription"> = {}

  const listCandidates = Effect.fnUntraced(function* (requests: Requests, spec: Definition.NewSpec) {
    const { sourceId, modelId, destinationId } = spec
    const model = yield* orNothing(requests.read("syncs", client.getModel(modelId)))
    const destination = yield* orNothing(requests.read("syncs", client.getDestination(destinationId)))
    const issues = [
      ...(model === undefined ? [issue("modelId", "Expected a model that is there")] : []),
      ...(model !== undefined && model.sourceId !== sourceId
        ? [issue("sourceId", "Expected the source of the model, found another")]
        : []),
      ...(destination === undefined ? [issue("destinationId", "Expected a destination that is there")] : []),
    ]
    if (model === undefined || destination === undefined || issues.length > 0) {
      return yield* client.http.error("createSync", new Reason.InvalidRequest({ issues }), "not-sent")
    }
    around = { model, destination }
    const all = yield* Stream.runCollect(subscriptions(client, requests, destinationId))
    return all
      .filter((subscription) => subscription.modelId === modelId)
      .map((subscription) => {
        mappingLocations.set(subscription.id, destinationId)
        return snapshot({ subscription, model, destination }, knownOf(spec))
      })
  })

  return {
    schedules: Schedules.forms,
    definitionProblems: Definition.definitionProblems,
    changeProblems: Definition.changeProblems,
    listCandidates: (requests, { part }) =>
      Option.match(Definition.newSpec(part.spec), {
        onNone: () => Effect.succeed([]),
        onSome: (spec) => listCandidates(requests, spec),
      }),
    isLike: ({ name, part }, { native }) => {
      const [spec, parts] = [Definition.newSpec(part.spec), readParts(native)]
      if (Option.isNone(spec) || Option.isNone(parts)) return false
      const { actionId, trigger, settings } = spec.value
      const { subscription } = parts.value
      return (
        subscription.name === name &&
        subscription.actionId === actionId &&
        subscription.trigger === trigger &&
        Settings.holds(subscription.settings ?? {}, settings ?? {})
      )
    },
    create: Effect.fnUntraced(function* ({ name = "", part }) {
      const spec = yield* Effect.mapError(Effect.fromOption(Definition.newSpec(part.spec)), () =>
        client.http.error(
          "createSync",
          new Reason.InvalidRequest({ issues: Definition.definitionProblems({ name, part }) }),
          "not-sent",
        ),
      )
      const { modelId, destinationId, actionId, trigger, settings } = spec
      const subscription = yield* client.createSubscription(destinationId, {
        name,
        actionId,
        trigger,
        // What schedule it will have is not documented: it must not fire before it has its own.
        enabled: false,
        modelId,
        ...(settings !== undefined && { settings }),
      })
      mappingLocations.set(subscription.id, destinationId)
      const isAround = around.model?.id === modelId && around.destination?.id === destinationId
      return snapshot({ subscription, ...(isAround && around) }, knownOf(spec))
    }),
    update: Effect.fnUntraced(function* (current, change) {
      const [known, parts] = [knownIn(current), readParts(current.native)]
      const { subscription: id = "" } = current.ids
      const subscription = yield* client.updateSubscription(known.destination, id, { input: inputOf(change) })
      const { subscription: _, ...rest } = Option.getOrElse(parts, (): Partial<Parts> => ({}))
      return snapshot({ ...rest, subscription }, known)
    }),
    shows: (part, { native }, isAccepted) => {
      const parts = readParts(native)
      const { trigger, settings } = Definition.changeSpec(part.spec)
      return (
        Option.isSome(parts) &&
        (trigger === undefined || parts.value.subscription.trigger === trigger) &&
        (settings === undefined ||
          Settings.equal(parts.value.subscription.settings ?? {}, settings, isAccepted ? "any" : "other"))
      )
    },
    delete: (current) => {
      const subscription = current.ids["subscription"] ?? ""
      return Effect.tap(client.deleteSubscription(knownIn(current).destination, subscription), () =>
        Effect.sync(() => mappingLocations.forget(subscription)),
      )
    },
  }
}

const readParts = Schema.decodeUnknownOption(Parts)

const issue = (field: string, message: string) => ({ path: ["part", "spec", field], message })

const knownOf = ({ sourceId, modelId, destinationId }: Definition.NewSpec): Known => ({
  source: sourceId,
  model: modelId,
  destination: destinationId,
})

const knownIn = ({ ids, connection, state }: Snapshot): Known => ({
  source: ids["source"] ?? "",
  model: ids["model"] ?? "",
  destination: connection.destination?.id ?? "",
  // That is the only error that a mapping is in.
  isModelGone: state === "error",
})

/** One request for all of a change. */
const inputOf = ({ name, enabled, schedule, part }: Change) => ({
  ...(name !== undefined && { name }),
  ...(enabled !== undefined && { enabled }),
  ...(schedule !== undefined && { reverseETLSchedule: Schedules.encode(schedule) }),
  ...(part !== undefined && Definition.changeSpec(part.spec)),
})
