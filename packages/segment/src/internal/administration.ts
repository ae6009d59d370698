/** Creates, changes and deletes mappings: subscriptions of a destination, with a model. */
import type { AdministrationPart, Ends, SyncChange } from "@openretl/core/driver/Administration"
import * as BoundedMap from "@openretl/core/driver/BoundedMap"
import type { Requests } from "@openretl/core/driver/Catalog"
import type { FieldIssue } from "@openretl/core/FieldIssue"
import * as Reason from "@openretl/core/Reason"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { SegmentClient } from "../SegmentClient.ts"
import { type Alone, orUndefined, subscriptionsOf } from "./catalog.ts"
import { ChangedSpec, Spec } from "./definition.ts"
import type { Ids } from "./ids.ts"
import type { MappingLocations } from "./mappingSearch.ts"
import * as Schedules from "./schedule.ts"
import { forms } from "./scheduleForms.ts"
import * as Settings from "./settings.ts"
import { type Origin, type Parts, snapshot } from "./syncFromWire.ts"

type Part = AdministrationPart<Ids, Parts, Spec, ChangedSpec>

/** Creates the administration of a workspace. */
export const make = (
  client: SegmentClient,
  mappingLocations: MappingLocations,
  alone: Alone,
): Part & Required<Pick<Part, "create" | "delete">> => {
  /**
   * The model and the destination of new mappings, as they were read right before their creation, whose answer does not show
   * them. Core makes one creation of the same ends at a time.
   */
  const surroundings = BoundedMap.make<Pick<Required<Parts>, "model" | "destination">>(100)

  const readSurroundings = Effect.fnUntraced(function* (
    requests: Requests,
    { source: sourceId = "", model: modelId = "", destination: destinationId = "" }: Ends,
  ) {
    const model = yield* orUndefined(requests.read("syncs", client.getModel(modelId)))
    const destination = yield* orUndefined(requests.read("syncs", client.getDestination(destinationId)))
    const issues = [
      ...(model === undefined ? [specIssue("modelId", "Expected a model that exists")] : []),
      ...(model !== undefined && model.sourceId !== sourceId
        ? [specIssue("sourceId", "Expected the source of the model, found another")]
        : []),
      ...(destination === undefined ? [specIssue("destinationId", "Expected a destination that exists")] : []),
    ]
    if (model === undefined || destination === undefined || issues.length > 0) {
      return yield* client.http.error("createSync", new Reason.InvalidRequest({ issues }), "not-sent")
    }
    return { model, destination: { ...destination, id: destinationId } }
  })

  return {
    schedules: forms,
    names: "required",
    spec: Spec,
    changedSpec: ChangedSpec,
    ...alone,
    ends: ({ spec: { sourceId, modelId, destinationId } }) => ({
      source: sourceId,
      model: modelId,
      destination: destinationId,
    }),
    endsOf: ({ ids, native: { subscription, destination } }) => ({
      source: ids.source,
      model: subscription.modelId ?? "",
      destination: destination.id,
    }),
    listCandidates: Effect.fnUntraced(function* (requests, ends) {
      const parts = yield* readSurroundings(requests, ends)
      const { source = "", model: modelId = "", destination: destinationId = "" } = ends
      surroundings.set(surroundingsKey(modelId, destinationId), parts)
      const subscriptions = yield* Stream.runCollect(subscriptionsOf(client, requests, destinationId))
      return subscriptions
        .filter((subscription) => subscription.modelId === modelId)
        .map((subscription) => {
          mappingLocations.set(subscription.id, destinationId)
          return snapshot({ subscription, ...parts }, { source, model: modelId })
        })
    }),
    matches: ({ name, spec: { actionId, trigger, settings = {} } }, { native: { subscription } }) =>
      subscription.name === name &&
      subscription.actionId === actionId &&
      subscription.trigger === trigger &&
      Settings.includes(subscription.settings ?? {}, settings),
    create: Effect.fnUntraced(function* ({ name = "", spec }) {
      const { modelId, destinationId, actionId, trigger, settings } = spec
      const subscription = yield* client.createSubscription(destinationId, {
        name,
        actionId,
        trigger,
        // Which schedule a new mapping has is not documented: it must not fire before it has the wanted one.
        enabled: false,
        modelId,
        ...(settings !== undefined && { settings }),
      })
      mappingLocations.set(subscription.id, destinationId)
      const parts = surroundings.get(surroundingsKey(modelId, destinationId))
      return snapshot({ subscription, destination: { id: destinationId }, ...parts }, originOf(spec))
    }),
    update: ({ ids, state, native }, change) =>
      Effect.map(
        client.updateSubscription(native.destination.id, ids.subscription, { input: inputOf(change) }),
        // A model that is gone is the only error state of a mapping.
        (subscription) => snapshot({ ...native, subscription }, { ...ids, isModelGone: state === "error" }),
      ),
    isShown: ({ trigger, settings }, { native: { subscription } }, isAccepted) =>
      (trigger === undefined || subscription.trigger === trigger) &&
      (settings === undefined ||
        Settings.equal(subscription.settings ?? {}, settings, isAccepted ? "wanted" : "other")),
    delete: ({ ids: { subscription }, native }) =>
      Effect.tap(client.deleteSubscription(native.destination.id, subscription), () =>
        Effect.sync(() => mappingLocations.delete(subscription)),
      ),
  }
}

const surroundingsKey = (...ids: ReadonlyArray<string>): string => JSON.stringify(ids)

const specIssue = (field: string, message: string): FieldIssue => ({ path: ["part", "spec", field], message })

const originOf = ({ sourceId, modelId }: Spec): Origin => ({ source: sourceId, model: modelId })

/** Returns the one request that makes all of a change. */
const inputOf = ({ name, enabled, schedule, spec }: SyncChange<ChangedSpec>) => ({
  ...(name !== undefined && { name }),
  ...(enabled !== undefined && { enabled }),
  ...(schedule !== undefined && { reverseETLSchedule: Schedules.encode(schedule) }),
  ...spec,
})
