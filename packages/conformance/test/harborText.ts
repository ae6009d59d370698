/** The worked example, from a changed text. */
import { readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import * as Adapter from "@openretl/core/driver/Adapter"
import * as CoreOptions from "@openretl/core/driver/Options"
import * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Wire from "@openretl/core/driver/Wire"
import * as Reason from "@openretl/core/Reason"
import * as Ref from "@openretl/core/Ref"
import * as Run from "@openretl/core/Run"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Harbor from "../example/harbor.ts"
import * as HarborEmulator from "../example/harborEmulator.ts"

/** The text of the adapter. */
export const example = readFileSync(new URL("../example/harbor.ts", import.meta.url), "utf8")

const modules: Readonly<Record<string, unknown>> = {
  "@openretl/core/driver/Adapter": Adapter,
  "@openretl/core/driver/Options": CoreOptions,
  "@openretl/core/driver/VendorClient": VendorClient,
  "@openretl/core/driver/Wire": Wire,
  "@openretl/core/Reason": Reason,
  "@openretl/core/Ref": Ref,
  "@openretl/core/Run": Run,
  "effect/Effect": Effect,
  "effect/Schema": Schema,
}

/** Returns the module of a text like the example's. */
const load = (source: string): Pick<typeof Harbor, "workspace" | "syncRef"> => {
  const script = stripTypeScriptTypes(source.replaceAll(/\btype (?=\w+[, ])(?=[^=]*\} from)/g, ""))
    .replaceAll(/^import \* as (\w+) from ("[^"]+")$/gm, "const $1 = modules[$2]")
    .replaceAll(/^import (\{[^}]+\}) from ("[^"]+")$/gm, "const $1 = modules[$2]")
    .replaceAll(/^export (?=const )/gm, "")
  return new Function("modules", `${script}\nreturn { workspace, syncRef }`)(modules) as Pick<
    typeof Harbor,
    "workspace" | "syncRef"
  >
}

/** Returns the harness of an adapter with this text. */
export const harnessOf = (source: string) => {
  const { workspace, syncRef } = load(source)
  return {
    name: "Harbor",
    emulator: HarborEmulator.make,
    workspace: (_: unknown, options: Harbor.Options) => workspace(options),
    sync: (name: string, { sync = "" }) => syncRef(name, { sync }),
  }
}
