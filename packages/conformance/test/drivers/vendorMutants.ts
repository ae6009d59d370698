/** Drivers that say what is not so of their vendor: refusals, cancels, checks, schedules, and the description. */
import * as Reason from "@openretl/core/Reason"
import { Effect } from "effect"
import { acme, segment, zeotap } from "./adapters.ts"
import { cancellation, check, description, errors, reasonAs, runs, withoutEvidence } from "./change.ts"
import { breaking, type DriverMutant } from "./driverMutant.ts"

const invalid = new Reason.InvalidRequest({ issues: [] })
const pausedSync = "a trigger of a paused sync is refused"

/** Another state in the refusal of a trigger. */
const stateAs = (state: Reason.NotTriggerable["state"]) =>
  reasonAs("NotTriggerable", new Reason.NotTriggerable({ state }))

const refusals: ReadonlyArray<DriverMutant> = [
  ...breaking(
    pausedSync,
    [acme, "reports a disabled sync as an invalid request", reasonAs("NotTriggerable", invalid)],
    [zeotap, "reports a paused sync as an invalid request", reasonAs("NotTriggerable", invalid)],
    [segment, "reports a disabled sync as a conflict", reasonAs("NotTriggerable", new Reason.Conflict())],
    [zeotap, "reports a paused sync as a draft", stateAs("draft")],
    [acme, "does not read the vendor's words", errors((error) => withoutEvidence(error, "text"))],
    [segment, "does not read the code of an error", errors((error) => withoutEvidence(error, "code"))],
    [segment, "does not read the status of an error", errors((error) => withoutEvidence(error, "status"))],
    [
      acme,
      "does not say that a trigger was refused",
      errors((error) => (error.delivery === "refused" ? error.with({ delivery: "unknown" }) : error)),
    ],
  ),
  ...breaking("a trigger of a draft sync is refused", [zeotap, "reports a draft as paused", stateAs("paused")]),
  ...breaking("a trigger that the vendor refuses as invalid", [
    segment,
    "does not read what is wrong with a request",
    reasonAs("InvalidRequest", invalid),
  ]),
  ...breaking(
    "a trigger that the vendor receives while a run is under way",
    [acme, "reports a busy sync as a conflict", reasonAs("AlreadyRunning", new Reason.Conflict())],
    [segment, "reports a busy sync as an invalid request", reasonAs("AlreadyRunning", invalid)],
  ),
  ...breaking(
    "a missing permission and a refused token",
    [
      acme,
      "takes a missing permission for a refused token",
      reasonAs("PermissionDenied", new Reason.Unauthenticated()),
    ],
    [
      zeotap,
      "takes a refused token for a missing permission",
      reasonAs("Unauthenticated", new Reason.PermissionDenied()),
    ],
  ),
  ...breaking(
    "a read of a missing run fails with NotFound",
    [zeotap, "takes a missing run for an outage", reasonAs("NotFound", new Reason.Unavailable())],
    [segment, "takes a missing run for an invalid request", reasonAs("NotFound", invalid)],
  ),
  ...breaking("a read fails with the vendor's wait", [
    acme,
    "does not read how long to wait",
    reasonAs("RateLimited", new Reason.RateLimited({})),
  ]),
  ...breaking("all callers wait out a 429 to get for 30 s", [
    acme,
    "takes a 429 for an outage",
    reasonAs("RateLimited", new Reason.Unavailable()),
  ]),
  ...breaking("a run whose answer is lost (the connection breaks) is adopted", [
    acme,
    "says of a lost answer that nothing was sent",
    errors((error) => (error.delivery === "unknown" ? error.with({ delivery: "not-sent" }) : error)),
  ]),
]

const descriptions: ReadonlyArray<DriverMutant> = [
  ...breaking(
    "a trigger that the vendor receives while a run is under way",
    [acme, "says that the vendor queues a trigger that it refuses", description({ whenBusy: "queues" })],
    [zeotap, "says that the vendor refuses a trigger that it queues", description({ whenBusy: "refuses" })],
    [zeotap, "says that the vendor skips a trigger that it queues", description({ whenBusy: "skips" })],
  ),
  ...breaking("an answered trigger returns Started", [
    acme,
    "says that the vendor knows a repeated trigger by its key",
    description({ keyedTrigger: true }),
  ]),
  ...breaking("a read of a missing run fails with NotFound", [
    acme,
    "says that the vendor answers a read of a missing run with NotFound",
    description({ unknownRun: "not-found" }),
  ]),
  ...breaking("jobs with a workspace each", [zeotap, "knows no rate limit", description({ limits: [] })]),
  ...breaking("the triggers, waits, reads and lists of a busy hour", [
    segment,
    "forgets the rate limit of triggers",
    description({ limits: [{ name: "default", operations: "all", requests: 600, window: "1 minute" }] }),
  ]),
]

const schedules: ReadonlyArray<DriverMutant> = [
  ...breaking("no run is adopted for a sync with a schedule (answer lost, no run started)", [
    zeotap,
    "says that no sync has a schedule",
    runs(() => ({ ownSchedule: () => Effect.succeed("manual" as const) })),
  ]),
  ...breaking("no run is adopted while no read shows whether the sync has a schedule", [
    zeotap,
    "takes a schedule that it cannot read for none",
    runs(({ ownSchedule }) => ({
      ...(ownSchedule && {
        ownSchedule: (sync) => Effect.catch(ownSchedule(sync), () => Effect.succeed("manual" as const)),
      }),
    })),
  ]),
  ...breaking("the only new run of a sync without a schedule is adopted", [
    zeotap,
    "says that every sync has a schedule",
    runs(() => ({ ownSchedule: () => Effect.succeed("scheduled" as const) })),
  ]),
]

const cancels: ReadonlyArray<DriverMutant> = [
  ...breaking(
    "core reports a run that fails after a refused cancel as failed",
    [
      acme,
      "reports a refused cancel as requested",
      cancellation(({ cancel }) => ({
        cancel: (sync, run) => Effect.catch(cancel(sync, run), () => Effect.succeed("requested" as const)),
      })),
    ],
    [
      segment,
      "reports a refused cancel as one of a run that had ended",
      cancellation(({ cancel }) => ({
        cancel: (sync, run) => Effect.catch(cancel(sync, run), () => Effect.succeed("finished" as const)),
      })),
    ],
  ),
  ...breaking("a run that failed right before its cancel arrives", [
    segment,
    "does not read a refusal inside a success",
    cancellation(({ cancel }) => ({ cancel: (sync, run) => Effect.as(cancel(sync, run), "requested" as const) })),
  ]),
  ...breaking(
    "a cancel sends one request",
    [segment, "sends no cancel", cancellation(() => ({ cancel: () => Effect.succeed("requested" as const) }))],
    [
      segment,
      "reports each cancel as one of a run that had ended",
      cancellation(({ cancel }) => ({ cancel: (sync, run) => Effect.as(cancel(sync, run), "finished" as const) })),
    ],
  ),
  ...breaking("a cancel stops no other run of the sync that is under way (overlap=concurrent)", [
    acme,
    "says that a cancel stops one run when it stops all of the sync",
    cancellation(() => ({ stops: "run" })),
  ]),
]

const checks: ReadonlyArray<DriverMutant> = breaking(
  "a check succeeds only where the token is good",
  [acme, "checks without a request", check(() => () => Effect.succeed({ shown: "The token is good." }))],
  [
    acme,
    "takes every failure of a check for a success",
    check((original) => (sync) => Effect.catch(original(sync), () => Effect.succeed({ shown: "The token is good." }))),
  ],
  [zeotap, "checks the token alone where it should check a sync", check((original) => () => original())],
  [
    segment,
    "invents whom the token belongs to",
    check(
      (original) => (sync) =>
        Effect.map(original(sync), ({ shown }) => ({ shown, identity: { id: "nobody's workspace" } })),
    ),
  ],
)

export const vendorMutants: ReadonlyArray<DriverMutant> = [
  ...refusals,
  ...descriptions,
  ...schedules,
  ...cancels,
  ...checks,
]
