/**
 * Emulators of several vendors, each served with its control API, and the configuration of their workspaces: the document that
 * the command line `openretl` reads, and the environment variables with the tokens.
 */
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import * as Control from "./Control.ts"
import * as ControlServer from "./ControlServer.ts"
import type { Emulator, Ids } from "./Emulator.ts"
import { type VendorName, vendors } from "./internal/vendors.ts"

/** One served emulator. */
export interface ServedEmulator {
  /** The vendor's short name, as in `segment`. */
  readonly vendor: string
  /** The address to use as base URL. */
  readonly url: string
  /** The address of its control API. */
  readonly control: string
  readonly token: string
  readonly workspace: Emulator["workspace"]
  /** The ids of its syncs, in the order in which they were added. */
  readonly syncs: ReadonlyArray<Ids>
  /** Their names, in the same order; empty where the vendor's syncs have none. */
  readonly names: ReadonlyArray<string>
}

/** What `openretl` reads. */
export interface Configuration {
  /** The document of an `openretl.json`. It contains no token. */
  readonly document: object
  /** The environment variables that the document names, with the tokens. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Serves an emulator with its control API on 127.0.0.1 until the scope closes. Dies when the port is taken.
 *
 * `port`: 0 for any free port.
 */
export const serve = (
  make: Effect.Effect<Emulator>,
  port = 0,
): Effect.Effect<ServedEmulator, never, EffectScope.Scope> =>
  Effect.gen(function* () {
    const served = yield* ControlServer.serve(make, { port })
    const { vendor, token, workspace, syncs } = yield* served.emulator
    const all = yield* syncs
    return {
      vendor,
      url: served.url,
      control: `${served.url}${Control.path}`,
      token,
      workspace,
      syncs: all.map(({ ids }) => ids),
      names: all.map(({ name = "" }) => name),
    }
  })

/** Returns what a workspace of a vendor needs besides its address and token: nothing where the vendor is a stranger's. */
const fieldsOf = ({ vendor, workspace }: ServedEmulator): object =>
  Object.hasOwn(vendors, vendor) ? vendors[vendor as VendorName].workspaceFields(workspace) : {}

/** Returns the configuration of served emulators. Each workspace has the name of its vendor, with a number from the second on. */
export const configuration = (served: ReadonlyArray<ServedEmulator>): Configuration => {
  const counts = new Map<string, number>()
  const named = served.map((emulator) => {
    const number = (counts.get(emulator.vendor) ?? 0) + 1
    counts.set(emulator.vendor, number)
    const name = number === 1 ? emulator.vendor : `${emulator.vendor}-${number}`
    return { name, variable: `${name.replaceAll("-", "_").toUpperCase()}_TOKEN`, emulator }
  })
  const workspaces = named.map(({ name, variable, emulator }) => [
    name,
    {
      vendor: emulator.vendor,
      ...fieldsOf(emulator),
      baseUrl: emulator.url,
      token: { env: variable },
    },
  ])
  const syncs = named.flatMap(({ name, emulator }) =>
    emulator.syncs.map((ids, index) => [
      `${name}-${plain(emulator.names[index] ?? "") || index + 1}`,
      { workspace: name, ids, whenRunning: "fail" },
    ]),
  )
  return {
    document: { workspaces: Object.fromEntries(workspaces), syncs: Object.fromEntries(syncs) },
    env: Object.fromEntries(named.map(({ variable, emulator }) => [variable, emulator.token])),
  }
}

/** Returns a name in the letters that the names of a configuration may have. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
