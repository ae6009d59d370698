/** Mutants of what a workspace emits: each breaks O1. */
import * as Adapter from "@openretl/core/driver/Adapter"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import { Runs, type Service } from "@openretl/core/Runs"
import { Context, Effect, Metric, References } from "effect"
import * as Acme from "./acme.ts"
import { harness, type Mutant, withScope } from "./mutants.ts"

type DriverRuns = Acme.AcmeDriver["runs"]

/** Creates a mutant with other functions in the driver's `runs`. */
const runsMutant = (
  behavior: string,
  change: (runs: DriverRuns, http: VendorClient.VendorClient) => Partial<DriverRuns>,
): Mutant => ({
  law: "O1",
  behavior,
  harness: {
    ...harness,
    workspace: (_, options) => {
      const driver = (http: VendorClient.VendorClient) => {
        const original = Acme.driver(http)
        return { ...original, runs: { ...original.runs, ...change(original.runs, http) } }
      }
      return Adapter.make({ ...Acme.parts, native: Acme.Execution, driver }).workspace(withScope(options))
    },
  },
})

/** Creates a mutant of core: with other functions in the service `Runs`. */
const serviceMutant = (behavior: string, change: (runs: Service) => Partial<Service>): Mutant => ({
  law: "O1",
  behavior,
  harness: {
    ...harness,
    workspace: (_, options) =>
      Effect.map(Acme.workspace(withScope(options)), (workspace) => {
        const original = Context.get(workspace.services, Runs)
        return { ...workspace, services: Context.add(workspace.services, Runs, { ...original, ...change(original) }) }
      }),
  },
})

/** A registry that forgets a metric. */
const forgetting = (forgotten: string) =>
  Effect.map(Metric.MetricRegistry, (registry): Metric.MetricRegistry => {
    const kept: Metric.MetricRegistry = new Map()
    kept.get = (key) => registry.get(key)
    kept.set = (key, metric) => {
      if (metric.id !== forgotten) registry.set(key, metric)
      return kept
    }
    return kept
  })

const without =
  (forgotten: string) =>
  <A, E>(call: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.flatMap(forgetting(forgotten), (registry) => Effect.provideService(call, Metric.MetricRegistry, registry))

export const telemetryMutants: ReadonlyArray<Mutant> = [
  runsMutant("puts an id into its route", ({ get }, http) => ({
    get: (sync, run) => {
      const path = [...Acme.root, sync.connection, "syncs", run]
      const read = http.call({ operation: "get", method: "GET", path, answer: Acme.Execution })
      return Effect.andThen(Effect.ignore(read), get(sync, run))
    },
  })),
  runsMutant("logs its requests by itself", ({ get }) => ({
    get: (sync, run) => Effect.tap(get(sync, run), Effect.logInfo("Acme was read")),
  })),
  runsMutant("logs a vendor's text", ({ start }) => ({
    start: (sync, options) => Effect.tapError(start(sync, options), ({ message }) => Effect.logWarning(message)),
  })),
  runsMutant("has spans of its own", ({ list }) => ({
    list: (sync, query) => Effect.withSpan(list(sync, query), "Acme.list"),
  })),
  runsMutant("has a metric with the id of a run", ({ get }) => ({
    get: (sync, run) =>
      Effect.tap(get(sync, run), Metric.update(Metric.counter("openretl.polls", { attributes: { run } }), 1)),
  })),
  runsMutant("adds an attribute to the spans of requests", ({ get }) => ({
    get: (sync, run) => Effect.annotateSpans(get(sync, run), { run }),
  })),
  serviceMutant("has no spans", ({ get }) => ({ get: (run) => Effect.withTracerEnabled(get(run), false) })),
  serviceMutant("logs nothing of a run", ({ run }) => ({
    run: (sync, options) => Effect.provideService(run(sync, options), References.MinimumLogLevel, "None"),
  })),
  ...(["openretl.triggers", "openretl.run.duration", "openretl.requests", "openretl.rate_limit.wait"] as const).map(
    (name) =>
      serviceMutant(`does not record ${name}`, ({ run }) => ({
        run: (sync, options) => without(name)(run(sync, options)),
      })),
  ),
]
