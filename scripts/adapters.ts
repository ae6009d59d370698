/**
 * The registry of adapters. A new adapter is added here, and only here: what every adapter has follows from this list, or
 * fails a check that names what is missing (`anatomy`, or `types` where a list has a value for each adapter).
 */

interface Adapter {
  /** The vendor's name as its files spell it. */
  readonly name: string
  /**
   * Whether the adapter only runs syncs, also reads the configured ones, also changes some of what is configured, or
   * everything: it creates, updates and deletes.
   */
  readonly configures: "nothing" | "reads" | "changes-some" | "changes"
}

/** The adapters by their folder under `packages/`. */
export const adapters = {
  hightouch: { name: "Hightouch", configures: "changes-some" },
  "fivetran-activations": { name: "FivetranActivations", configures: "changes-some" },
  polytomic: { name: "Polytomic", configures: "changes-some" },
  rudderstack: { name: "RudderStack", configures: "changes" },
  segment: { name: "Segment", configures: "changes" },
  zeotap: { name: "Zeotap", configures: "changes" },
} as const satisfies Readonly<Record<string, Adapter>>

/** The folder of an adapter, which is the vendor's short name. */
export type AdapterFolder = keyof typeof adapters

/** The folder of an adapter that changes configured syncs: some of what is configured, or everything. */
export type ConfiguringFolder = {
  readonly [Folder in AdapterFolder]: (typeof adapters)[Folder]["configures"] extends "changes" | "changes-some"
    ? Folder
    : never
}[AdapterFolder]

/** The folders of all adapters. */
export const adapterFolders: ReadonlyArray<string> = Object.keys(adapters)

/** The folders of the adapters that have an entry for configuring, `<Vendor>Admin`. */
export const foldersWithAdmin: ReadonlyArray<string> = Object.entries<Adapter>(adapters).flatMap(
  ([folder, { configures }]) => (configures === "nothing" ? [] : [folder]),
)

/** The adapters with their folders. */
export const allAdapters: ReadonlyArray<readonly [folder: string, adapter: Adapter]> = Object.entries<Adapter>(adapters)
