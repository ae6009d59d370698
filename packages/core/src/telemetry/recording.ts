/** Recording metrics. The series of a workspace are made once. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as EffectMetric from "effect/Metric"
import { type Instrument, instruments } from "./instruments.ts"
import type { AttributesOf, MetricName } from "./metrics.ts"
import { SyncName } from "./syncName.ts"
import type { Subject } from "./tracing.ts"

/** Records a value of a metric: what a counter rises by, what a histogram gets, or what a gauge is now. */
export interface Record {
  <Name extends MetricName>(name: Name, value: number, attributes: AttributesOf<Name>): Effect.Effect<void>
  /** As the effect, at once, for those who have the fiber. */
  readonly in: <Name extends MetricName>(
    fiber: Fiber.Fiber<unknown, unknown>,
    name: Name,
    value: number,
    attributes: AttributesOf<Name>,
  ) => void
}

/** The series of a metric, by the values of their attributes: a text of all of them would cost as much as recording. */
interface Branch {
  series?: EffectMetric.Metric<number, unknown>
  readonly branches: Map<string | undefined, Branch>
}

const branchOf = ({ branches }: Branch, part: string | undefined): Branch => {
  let branch = branches.get(part)
  if (branch === undefined) {
    branch = { branches: new Map() }
    branches.set(part, branch)
  }
  return branch
}

/** Returns the function that records the metrics of a workspace. A metric of named syncs is left out where the sync has no name. */
export const make = ({ vendor, workspace }: Subject): Record => {
  const all: Branch = { branches: new Map() }
  const recordIn: Record["in"] = (fiber, name, value, attributes) => {
    const instrument: Instrument = instruments[name]
    const syncName = instrument.named && fiber.getRef(SyncName)
    if (instrument.named === "always" && syncName === undefined) return
    let branch = branchOf(branchOf(all, name), syncName)
    const values: Readonly<{ [attribute: string]: string | undefined }> = attributes
    for (const attribute in values) branch = branchOf(branchOf(branch, attribute), values[attribute])
    branch.series ??= seriesOf(name, instrument, {
      "openretl.vendor": vendor,
      "openretl.workspace": workspace,
      ...attributes,
      ...(syncName !== undefined && { "openretl.sync.name": syncName }),
    })
    branch.series.updateUnsafe(value, fiber.context)
  }
  const record = <Name extends MetricName>(name: Name, value: number, attributes: AttributesOf<Name>) =>
    Effect.withFiber((fiber) => {
      recordIn(fiber, name, value, attributes)
      return Effect.void
    })
  return Object.assign(record, { in: recordIn })
}

const seriesOf = (
  name: MetricName,
  { kind, unit, boundaries = [] }: Instrument,
  given: Readonly<{ [name: string]: string | undefined }>,
): EffectMetric.Metric<number, unknown> => {
  const attributes: { [name: string]: string } = { unit }
  for (const [name, value] of Object.entries(given)) if (value !== undefined) attributes[name] = value
  switch (kind) {
    case "counter":
      return EffectMetric.counter(name, { attributes, incremental: true })
    case "gauge":
      return EffectMetric.gauge(name, { attributes })
    case "histogram":
      return EffectMetric.histogram(name, { attributes, boundaries })
  }
}
