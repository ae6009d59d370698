/** `emulate`: serves emulators of vendors, with a configuration of their workspaces, for trying things out. */
import { existsSync } from "node:fs"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { ConfigurationProblems } from "../../Configuration.ts"
import * as Vendors from "../configuration/vendors.ts"
import * as CommandLine from "../terminal/commandLine.ts"
import * as Format from "../terminal/format.ts"
import * as Printer from "../terminal/printer.ts"
import { badInput } from "./badInput.ts"
import * as Globals from "./globals.ts"
import { schemaPath } from "./init.ts"
import { writeDocument } from "./save.ts"
import { pathOf } from "./session.ts"

/** Serves at a port. Fails where this process may not listen there. */
const serveAt = <A, R>(
  port: number,
  serve: (port: number) => Effect.Effect<A, never, R>,
): Effect.Effect<A, ConfigurationProblems, R> =>
  Effect.catchDefect(serve(port), (defect) => {
    const code = Predicate.hasProperty(defect, "code") ? defect.code : undefined
    return code === "EADDRINUSE" || code === "EACCES"
      ? badInput(`--port: Expected a port that is free: ${port} is not (${code})`)
      : Effect.die(defect)
  })

export const emulate = Command.make(
  "emulate",
  {
    vendors: Argument.Literals("vendor", Vendors.VendorName.literals).pipe(
      Argument.withDescription(`The vendors to emulate: ${Vendors.VendorName.literals.join(", ")}`),
      Argument.variadic({ min: 1 }),
    ),
    port: Flag.Int("port").pipe(
      Flag.withDescription("The port of the first; each further one has the next (default: any free ports)"),
      Flag.filter(
        (port) => port >= 0 && port <= 65_000,
        () => "Expected a number from 0 to 65000",
      ),
      Flag.withDefault(0),
    ),
    speed: Flag.Finite("speed").pipe(
      Flag.withDescription("How many emulated seconds pass in a real one (default: 1)"),
      Flag.filter(
        (speed) => speed > 0 && speed <= 100_000,
        () => "Expected a number above 0, at most 100000",
      ),
      Flag.withDefault(1),
    ),
    syncs: Flag.Int("syncs").pipe(
      Flag.withDescription("How many syncs each has (default: 3)"),
      Flag.filter(
        (count) => count >= 0 && count <= 100,
        () => "Expected a number from 0 to 100",
      ),
      Flag.withDefault(3),
    ),
  },
  ({ vendors, port, speed, syncs }) =>
    Effect.gen(function* () {
      const printer = Printer.make(yield* Printer.Streams, yield* Globals.Json)
      const path = pathOf(yield* Globals.Config)
      if (existsSync(path)) {
        const hint = "Remove it if it is of emulators that have ended, or choose another file with --config."
        return yield* badInput(`${path} exists already. ${hint}`)
      }
      // Loaded only here: nothing else of the command line needs the emulators.
      const [Workspaces, Emulators] = yield* Effect.promise(() =>
        Promise.all([import("@openretl/emulator/Workspaces"), import("@openretl/emulator/Emulators")]),
      )
      const served = yield* Effect.forEach(vendors, (vendor, index) =>
        serveAt(port === 0 ? 0 : port + index, (free) =>
          Workspaces.serve(Emulators.make(vendor, { speed, syncs, seed: index + 1 }), free),
        ),
      )
      const { document, env } = Workspaces.configuration(served)
      yield* writeDocument(path, { $schema: schemaPath, ...document })
      yield* printer.lines(
        `Serves ${served.map(({ vendor, url }) => `${Format.vendorName(vendor)} at ${url}`).join(", ")}.`,
        `Wrote their workspaces and syncs to ${path}. In another terminal:`,
        "",
        ...Object.entries(env).map(([name, token]) => `  export ${name}=${token}`),
        `  ${CommandLine.text("syncs", path === Globals.defaultFile ? [] : CommandLine.flag("--config", path))}`,
        "",
        ...served.map(({ vendor, control }) => `Controls of ${Format.vendorName(vendor)}: ${control}`),
        "Ctrl-C ends them.",
      )
      yield* printer.object("serving", { path, env, emulators: served })
      return yield* Effect.never
    }).pipe(Effect.scoped),
).pipe(
  Command.withDescription("Serve emulators of vendors on this machine, with a configuration to try this program on"),
)
