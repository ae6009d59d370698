/** Recording metrics. The series of a workspace are made once. */
import * as Effect from "effect/Effect"
import * as EffectMetric from "effect/Metric"
import { type Instrument, instruments } from "./instruments.ts"
import type { AttributesOf, MetricName } from "./metrics.ts"
import { SyncName } from "./syncName.ts"
import type { Subject } from "./tracing.ts"

/** Records a value of a metric: what a counter rises by, what a histogram gets, or what a gauge is now. */
export type Record = <Name extends MetricName>(
  name: Name,
  value: number,
  attributes: AttributesOf<Name>,
) => Effect.Effect<void>

/** Returns the function that records the metrics of a workspace. A metric of named syncs is left out where the sync has no name. */
export const make = ({ vendor, workspace }: Subject): Record => {
  const series = new Map<string, EffectMetric.Metric<number, unknown>>()
  return (name, value, attributes) =>
    Effect.withFiber((fiber) => {
      const instrument: Instrument = instruments[name]
      const syncName = instrument.named && fiber.getRef(SyncName)
      if (instrument.named === "always" && syncName === undefined) return Effect.void
      let key = `${name}\n${syncName ?? ""}`
      const values: Readonly<{ [attribute: string]: string | undefined }> = attributes
      for (const attribute in values) key += `\n${attribute} ${values[attribute]}`
      let one = series.get(key)
      if (one === undefined) {
        one = seriesOf(name, instrument, {
          "openretl.vendor": vendor,
          "openretl.workspace": workspace,
          ...attributes,
          ...(syncName !== undefined && { "openretl.sync.name": syncName }),
        })
        series.set(key, one)
      }
      one.updateUnsafe(value, fiber.context)
      return Effect.void
    })
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
