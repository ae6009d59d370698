/** A driver that does one thing wrong, and the law that notices it. */
import type { Adapter, Change } from "./adapters.ts"

export interface DriverMutant {
  /** The adapter whose driver is changed. */
  readonly adapter: Adapter
  /** Completes "a driver that". */
  readonly behavior: string
  readonly change: Change
  /** How the title of the law begins that the driver breaks. */
  readonly law: string
}

/** The drivers that break one law, with what each does wrong. */
export const breaking = (
  law: string,
  ...drivers: ReadonlyArray<readonly [adapter: Adapter, behavior: string, change: Change]>
): ReadonlyArray<DriverMutant> => drivers.map(([adapter, behavior, change]) => ({ adapter, behavior, change, law }))
