/** Mappings of thousands of columns: how often each part is read to compare them, at each vendor and in a report. */
import { describe, expect, it } from "@effect/vitest"
import * as Move from "@openretl/core/Move"
import { SyncRef } from "@openretl/core/Ref"
import { Sync } from "@openretl/core/Sync"
import * as FivetranActivationsAdmin from "@openretl/fivetran-activations/FivetranActivationsAdmin"
import * as HightouchAdmin from "@openretl/hightouch/HightouchAdmin"
import * as PolytomicAdmin from "@openretl/polytomic/PolytomicAdmin"
import * as RudderStackAdmin from "@openretl/rudderstack/RudderStackAdmin"
import * as SegmentAdmin from "@openretl/segment/SegmentAdmin"
import * as ZeotapAdmin from "@openretl/zeotap/ZeotapAdmin"
import type { ConfiguringFolder } from "../../../scripts/adapters.ts"

const columns = 4_000
const numbers = Array.from({ length: columns }, (_, index) => index)

/** Returns a value that counts how often a part of it is read. */
const counting = () => {
  const count = { reads: 0 }
  const counted = <A>(value: A): A => {
    if (typeof value !== "object" || value === null) return value
    return new Proxy(value, {
      get: (target, key, receiver) => {
        count.reads++
        return counted(Reflect.get(target, key, receiver))
      },
      getOwnPropertyDescriptor: (target, key) => {
        count.reads++
        return Reflect.getOwnPropertyDescriptor(target, key)
      },
    })
  }
  return { count, counted }
}

/** A client that sends nothing. */
const client: never = new Proxy(() => undefined, { get: () => client, apply: () => client }) as never

type IsShown = (spec: unknown, snapshot: unknown, isAccepted: boolean) => boolean
const isShownBy = (administration: object): IsShown => Reflect.get(administration, "isShown") as IsShown

const entries = numbers.map((index) => ({ from: `c${index}`, to: `f${index}` }))

const wideFields = entries.map(({ from, to }) => ({ source: { model_id: "m", field: from }, target: to }))

/** A driver, and the same mapping as a change names it and as a sync shows it. */
type Wide = readonly [driver: { readonly administration: object }, spec: object, native: object]

const byFolder: Readonly<Record<ConfiguringFolder, Wide>> = {
  segment: [
    SegmentAdmin.driver(client),
    { settings: Object.fromEntries(numbers.map((index) => [`f${index}`, { "@path": `$.properties.c${index}` }])) },
    {
      subscription: {
        settings: Object.fromEntries(
          numbers.map((index) => [`f${index}`, { "@path": `$.properties.c${index}` }]).reverse(),
        ),
      },
    },
  ],
  rudderstack: [RudderStackAdmin.driver(client), { mappings: entries }, { mappings: entries }],
  hightouch: [
    HightouchAdmin.driver(client),
    { configuration: { mappings: entries } },
    { configuration: { mappings: entries } },
  ],
  "fivetran-activations": [FivetranActivationsAdmin.driver(client), { mappings: entries }, { mappings: entries }],
  polytomic: [PolytomicAdmin.driver(client), { fields: wideFields }, { fields: wideFields }],
  zeotap: [
    ZeotapAdmin.driver(client),
    { field_mapping: entries.map(({ from, to }) => ({ source_column: from, destination_field: to })) },
    {
      field_mapping: entries
        .map(({ from, to }) => ({ source_column: from, destination_field: to, type_cast: "", transform: null }))
        .reverse(),
    },
  ],
}

describe("a mapping of thousands of columns", () => {
  it.each(Object.entries(byFolder))("A1, H5: is compared with reads in proportion: %s", (_, [driver, spec, native]) => {
    const { count, counted } = counting()
    expect(isShownBy(driver.administration)(counted(spec), { native: counted(native) }, true)).toBe(true)
    expect(count.reads).toBeGreaterThan(columns)
    expect(count.reads).toBeLessThanOrEqual(40 * columns)
  })

  it("A5, H5: is reported with reads in proportion", () => {
    const { count, counted } = counting()
    const sync = new Sync({
      ref: new SyncRef({ workspace: "test", vendor: "segment", ids: { sync: "s" } }),
      ...{ connection: {}, state: "paused", vendorState: "paused", native: {} },
    })
    const wide = Object.assign(Object.create(sync), {
      mapping: counted(entries),
      unreadMapping: counted(numbers.map((index) => `g${index}`)),
      vendorFields: counted(numbers.map((index) => ({ field: `mapping.g${index}`, value: "x" }))),
    })
    expect(Move.report(wide, ZeotapAdmin.target).items.length).toBeGreaterThanOrEqual(2 * columns)
    expect(count.reads).toBeLessThanOrEqual(40 * columns)
  })
})
