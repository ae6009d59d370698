/** `init`: writes a configuration file to begin with. */
import { existsSync } from "node:fs"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Configuration from "../../Configuration.ts"
import * as Vendors from "../configuration/vendors.ts"
import * as CommandLine from "../terminal/commandLine.ts"
import * as Printer from "../terminal/printer.ts"
import { badInput } from "./badInput.ts"
import * as Globals from "./globals.ts"
import { writeDocument } from "./save.ts"
import { pathOf } from "./session.ts"

const optional = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.optional, Flag.map(Option.getOrUndefined))

/** The vendors whose workspaces have a region. */
const regional: ReadonlyArray<Vendors.VendorName> = ["segment", "rudderstack", "fivetran-activations"]

/** Returns whether shells can set an environment variable of this name. */
const isVariable = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)

/** What the command line says of a workspace. */
interface Given {
  readonly region: string | undefined
  readonly baseUrl: string | undefined
  readonly workspaceId: string | undefined
  /** The environment variable with the token. */
  readonly variable: string
}

/** Returns a workspace of a vendor as a configuration file has it. */
export const workspaceOf = (
  vendor: Vendors.VendorName,
  { region = "us", baseUrl, workspaceId, variable }: Given,
): Effect.Effect<object> =>
  Effect.map(Vendors.load(vendor), ({ hasScopes }) => ({
    vendor,
    ...(vendor === "zeotap" && { workspaceId }),
    ...(regional.includes(vendor) && { region }),
    ...(baseUrl !== undefined && { baseUrl }),
    token: { env: variable },
    ...(hasScopes && { defaultScope: "incremental" }),
  }))

/** Where the published JSON Schema is from a project that has this package installed. */
export const schemaPath = "./node_modules/@openretl/cli/openretl.schema.json"

export const init = Command.make(
  "init",
  {
    vendors: Argument.Literals("vendor", Vendors.VendorName.literals).pipe(
      Argument.withDescription(`The vendors of your workspaces: ${Vendors.VendorName.literals.join(", ")}`),
      Argument.variadic({ min: 1 }),
    ),
    region: optional("region", "Where the workspaces live: us or eu (default: us)"),
    baseUrl: optional(
      "base-url",
      "Where the vendor's API is, for one vendor: an emulator or a gateway (default: the region's)",
    ),
    workspaceId: optional("workspace-id", "Zeotap's id of the workspace"),
    tokenEnv: optional(
      "token-env",
      "The environment variable with the token, for one vendor (default: <VENDOR>_TOKEN)",
    ),
    name: optional("name", "The name of the workspace, for one vendor (default: the vendor's)"),
  },
  ({ vendors: listed, region, baseUrl, workspaceId, tokenEnv, name }) =>
    Effect.gen(function* () {
      const printer = Printer.make(yield* Printer.Streams, yield* Globals.Json)
      const file = yield* Globals.Config
      const path = pathOf(file)
      const flags = file === undefined ? [] : CommandLine.flag("--config", file)
      const vendors = Array.from(new Set(listed))
      const single = { "--base-url": baseUrl, "--token-env": tokenEnv, "--name": name }
      const problems = [
        ...(existsSync(path) ? [`${path} exists already. Edit it, or choose another file with --config.`] : []),
        ...Object.entries(single).flatMap(([flag, value]) =>
          value !== undefined && vendors.length > 1 ? [`Expected one vendor with ${flag}, not ${vendors.length}`] : [],
        ),
        ...(vendors.includes("zeotap") && workspaceId === undefined
          ? ["Expected --workspace-id: Zeotap's id of the workspace, as in 660e8400-e29b-41d4-a716-446655440000"]
          : []),
        ...(!vendors.includes("zeotap") && workspaceId !== undefined
          ? ["--workspace-id: Expected zeotap among the vendors; the others have none"]
          : []),
        ...(tokenEnv !== undefined && !isVariable(tokenEnv)
          ? ["--token-env: Expected the name of an environment variable, of A-Z a-z 0-9 _"]
          : []),
        ...(region !== undefined && region !== "us" && region !== "eu" ? ["--region: Expected us or eu"] : []),
        ...(region !== undefined && !vendors.some((vendor) => regional.includes(vendor))
          ? [`--region: Expected one of ${regional.join(", ")} among the vendors; the others have none`]
          : []),
      ]
      if (problems.length > 0) return yield* badInput(...problems)
      const variable = (vendor: string) => tokenEnv ?? `${vendor.replaceAll("-", "_").toUpperCase()}_TOKEN`
      const variables = vendors.map(variable)
      const named = yield* Effect.forEach(vendors, (vendor) =>
        Effect.map(
          workspaceOf(vendor, { region, baseUrl, workspaceId, variable: variable(vendor) }),
          (workspace) => [name ?? vendor, workspace] as const,
        ),
      )
      const workspaces = Object.fromEntries(named)
      // A file that the next command would refuse is not written.
      const env = Object.fromEntries(variables.map((each) => [each, "token"]))
      yield* Configuration.decode({ workspaces, syncs: {} }, { env })
      yield* writeDocument(path, { $schema: schemaPath, workspaces, syncs: {} })
      const doctor = CommandLine.text("doctor", flags)
      const save = CommandLine.text("syncs", [...flags, "--save"])
      yield* printer.lines(
        `Wrote ${path}.`,
        "",
        "Next:",
        ...variables.map((each) => `  export ${each}=...`),
        `  ${doctor.padEnd(save.length)}    looks whether everything can be reached`,
        `  ${save}    adds the syncs of the workspaces to the file`,
        "",
        "A token does not belong in the file: the file names the variable that has it.",
      )
      yield* printer.object("init", { path, workspaces: Object.keys(workspaces), variables })
    }),
).pipe(Command.withDescription("Write a configuration file to begin with"))
