/** Flags and arguments that several commands have. A default stands in the description, since help prints it only there. */
import * as FieldIssue from "@openretl/core/FieldIssue"
import { Key } from "@openretl/core/JournalEntry"
import * as Outcome from "@openretl/core/Outcome"
import { Scope } from "@openretl/core/Scope"
import * as Trigger from "@openretl/core/Trigger"
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { ConfigurationProblems } from "../../Configuration.ts"
import { DurationText, durationText } from "../configuration/durationText.ts"
import * as CommandLine from "../terminal/commandLine.ts"
import { badFlag } from "./badInput.ts"

const optional = <A>(flag: Flag.Flag<A>): Flag.Flag<A | undefined> =>
  flag.pipe(Flag.optional, Flag.map(Option.getOrUndefined))

/** One sync, by its name in the configuration or its ref. */
export const sync = Argument.String("sync").pipe(
  Argument.withDescription("A sync: its name in the configuration, or its ref"),
)

/** Any number of syncs. */
export const syncs = Argument.String("sync").pipe(
  Argument.withDescription("Syncs, by name or ref (default: all of the configuration)"),
  Argument.variadic(),
)

/** One run. */
export const run = Argument.String("run").pipe(
  Argument.withDescription("A run: its ref, name/run, or the name of a sync for its newest run"),
)

/** At least one run. */
export const runs = Argument.String("run").pipe(
  Argument.withDescription("Runs: refs, name/run, or the names of syncs for their newest runs"),
  Argument.variadic({ min: 1 }),
)

/** One entry of the journal. */
export const entry = Argument.String("entry").pipe(
  Argument.withDescription("An entry of the journal: its id, as openretl pending prints it"),
)

export const labels = Flag.KeyValuePair("label").pipe(
  Flag.withAlias("l"),
  Flag.withMetavar("name=value"),
  Flag.withDescription("Only syncs with this label; repeat it for several"),
  Flag.withDefault({}),
)

export const dryRun = Flag.Boolean("dry-run").pipe(
  Flag.withDescription("Print the request that would be sent were the journal empty, and send only reads"),
  Flag.withDefault(false),
)

const withSchema = <A>(name: string, schema: Schema.ConstraintCodec<A, string>, description: string, metavar: string) =>
  optional(
    Flag.String(name).pipe(Flag.withSchema(schema), Flag.withMetavar(metavar), Flag.withDescription(description)),
  )

export const key = withSchema(
  "key",
  Key,
  "Names the occasion, as in nightly/2026-11-28: each sync runs once for it, in any process that shares the journal",
  "key",
)

export const again = Flag.Boolean("again").pipe(
  Flag.withDescription("With --key: start another attempt where the run of the key was not accepted"),
  Flag.withDefault(false),
)

const deadlineFrom = (start: string) =>
  withSchema("deadline", DurationText, `When to stop waiting, as in "2 hours" ${start} (default: 24 hours)`, "duration")

export const deadline = deadlineFrom("after the run was accepted: a later try does not begin anew")

/** The deadline of a command that may wait for a run of others. */
export const deadlineOfCommand = deadlineFrom("after the command began")

/** The deadline of a wait for runs that are named. */
export const deadlineOfWait = deadlineFrom(
  "after the command began; of a run whose ref a trigger returned, after it was accepted",
)

export const whenRunning = optional(
  Flag.Literals("when-running", ["fail", "adopt", "wait", "skip"]).pipe(
    Flag.withDescription("What to do while a run of the sync is under way (default: as the configuration says)"),
  ),
)

export const scope = withSchema(
  "scope",
  Scope,
  "What the run covers, where the vendor has scopes: incremental, full or the vendor's own word",
  "scope",
)

/** The policy of the command line: the fields by name. `decodePolicy` decodes it. */
export const policy = optional(
  Flag.KeyValuePair("policy").pipe(
    Flag.withMetavar("field=value"),
    Flag.withDescription(
      "What is accepted, as in maxFailedRatio=0.01 or minRows=1; repeat it for several (default: as the configuration says)",
    ),
  ),
)

/** The policy of a command line, as the words of another one. */
export const policyWords = (pairs: Readonly<Record<string, string>> | undefined): ReadonlyArray<string> =>
  Object.entries(pairs ?? {}).flatMap(([name, value]) => CommandLine.flag("--policy", `${name}=${value}`))

/** The deadline of a command line, as the words of another one. */
export const deadlineWords = (deadline: Duration.Duration | undefined): ReadonlyArray<string> =>
  deadline === undefined ? [] : ["--deadline", durationText(deadline)]

const decode = Schema.decodeUnknownResult(Outcome.Policy, { errors: "all" })

/** Decodes the fields of a policy. Fails with every problem. */
export const decodePolicy = (
  pairs: Readonly<Record<string, string>> | undefined,
): Effect.Effect<Outcome.Policy | undefined, ConfigurationProblems> => {
  if (pairs === undefined) return Effect.succeed(undefined)
  const fields = Object.fromEntries(
    Object.entries(pairs).map(([name, value]) => [
      name,
      value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value,
    ]),
  )
  return Result.match(decode(fields), {
    onSuccess: Effect.succeed,
    onFailure: (error) => Effect.fail(badFlag("--policy", FieldIssue.fromSchemaError(error))),
  })
}

/** What a trigger's command line says. */
export const trigger = {
  key,
  again,
  whenRunning,
  whenOpen: optional(
    Flag.Literals("when-open", Trigger.WhenOpen.literals).pipe(
      Flag.withDescription("What to do about an open entry of the sync (default: resolve)"),
    ),
  ),
  whenUnseen: optional(
    Flag.Literals("when-unseen", ["fail", "send"]).pipe(
      Flag.withDescription("What to do where it cannot be seen whether a run is under way (default: fail)"),
    ),
  ),
  scope,
  dryRun,
} as const

export const concurrency = optional(
  Flag.Int("concurrency").pipe(
    Flag.withDescription("The most syncs at once (default: all)"),
    Flag.filter(
      (value) => value >= 1,
      () => "Expected a whole number above 0",
    ),
  ),
)

export const perDestination = optional(
  Flag.Int("per-destination").pipe(
    Flag.withDescription("The most syncs at once with the same destination in the configuration (default: all)"),
    Flag.filter(
      (value) => value >= 1,
      () => "Expected a whole number above 0",
    ),
  ),
)

export const limit = (value: number, what: string) =>
  Flag.Int("limit").pipe(
    Flag.withAlias("n"),
    Flag.withDescription(`The most ${what} (default: ${value})`),
    Flag.filter(
      (count) => count >= 1 && count <= 1_000,
      () => "Expected a whole number from 1 to 1000",
    ),
    Flag.withDefault(value),
  )

export const age = (name: string, description: string) => withSchema(name, DurationText, description, "duration")
