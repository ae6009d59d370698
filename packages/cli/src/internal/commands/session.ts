/** What a command works with: the configuration, the journal, and the fleet of its workspaces. */
import process from "node:process"
import type * as Journal from "@openretl/core/Journal"
import type { RetlError } from "@openretl/core/RetlError"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as EffectScope from "effect/Scope"
import * as Configuration from "../../Configuration.ts"
import * as JournalLocation from "../configuration/journalLocation.ts"
import { badFlag } from "./badInput.ts"
import { Located } from "./failure.ts"
import * as Globals from "./globals.ts"

export interface Session {
  readonly configuration: Configuration.Configuration
  readonly journal: Journal.Service
  /** Where the journal is. */
  readonly location: JournalLocation.JournalLocation
  readonly fleet: Configuration.AnyFleet
}

/** Returns the path of the configuration file. */
export const pathOf = (flag: string | undefined): string =>
  flag ?? (process.env["OPENRETL_CONFIG"] || Globals.defaultFile)

/** Reads the configuration, with all its problems at once; sends nothing. */
export const load = (path: string) => Configuration.load(path, { env: process.env })

/** Opens the journal and the fleet. What they run in the background ends with the surrounding `Scope`. */
export const open = (
  configuration: Configuration.Configuration,
  place: string | undefined,
): Effect.Effect<Session, Configuration.ConfigurationProblems | RetlError | Located, EffectScope.Scope> =>
  Effect.gen(function* () {
    const location =
      place === undefined
        ? configuration.journal
        : yield* Effect.fromResult(
            Result.mapError(JournalLocation.fromText(place), (message) =>
              badFlag("--journal", [{ path: [], message }]),
            ),
          )
    const journal = yield* Effect.mapError(
      JournalLocation.open(location),
      (error) => new Located(error, JournalLocation.fileOf(location)),
    )
    const fleet = yield* configuration.open(journal)
    return { configuration, journal, location, fleet }
  })
