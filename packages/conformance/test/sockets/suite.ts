/** The laws and the attacks over a real transport and sockets, on virtual time. */
import * as Attacks from "@openretl/conformance/Attacks"
import type { Harness, VendorEmulator, WorkspaceOptions } from "@openretl/conformance/Harness"
import type { Law } from "@openretl/conformance/Law"
import * as Laws from "@openretl/conformance/Laws"
import type { Target } from "@openretl/conformance/Target"
import { type Verdict, verify } from "@openretl/conformance/Verify"
import { type Service, Transport } from "@openretl/core/Transport"
import type { Switches } from "@openretl/emulator/Switch"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, it } from "vitest"
import { form } from "../../../../scripts/forms.ts"
import { AttackClock } from "../../src/testbed/virtualTime.ts"
import * as Carrier from "./carrier.ts"
import * as SettledClock from "./settledClock.ts"

/** A transport that the tests make once for all requests of a file. */
export interface Carrying {
  readonly name: string
  readonly make: Effect.Effect<Service, never, Scope.Scope>
}

type Opening = <A, E, R>(opened: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** Returns what opens an adapter so that the carrier takes its requests to the transport that the suite provides. */
const carriedBy =
  (carrier: () => Carrier.Carrier): Opening =>
  (opened) =>
    Effect.flatMap(Transport, (vendor) => Effect.provideService(opened, Transport, carrier().to(vendor)))

const carriedHarness = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  carried: Opening,
): Harness<S, E> => {
  const { workspace, administration } = harness
  return {
    ...harness,
    workspace: (emulator, options) => carried(workspace(emulator, options)),
    ...(administration && {
      administration: {
        ...administration,
        workspace: (emulator: E, options: WorkspaceOptions) => carried(administration.workspace(emulator, options)),
      },
    }),
  }
}

/** Checks a law against one adapter over a carrier. */
export const verifyOver = <S extends Switches, E extends VendorEmulator>(
  carrier: Carrier.Carrier,
  harness: Harness<S, E>,
  law: Law,
): Effect.Effect<Verdict, unknown> =>
  verify(
    carriedHarness(
      harness,
      carriedBy(() => carrier),
    ),
    law,
  ).pipe(
    Effect.provide(SettledClock.layer(carrier.isStill)),
    Effect.tap(() => requireNoProblem(carrier)),
  )

const requireNoProblem = (carrier: Carrier.Carrier): Effect.Effect<void> =>
  Effect.suspend(() => {
    const [problem] = carrier.takeProblems()
    return problem === undefined ? Effect.void : Effect.die(new Error(problem))
  })

/** Opens a carrier for the tests of the surrounding `describe`. */
const useCarrier = ({ make }: Carrying): (() => Carrier.Carrier) => {
  const scope = Scope.makeUnsafe()
  let carrier: Carrier.Carrier | undefined
  beforeAll(async () => {
    carrier = await Effect.runPromise(Scope.provide(Effect.flatMap(make, Carrier.make), scope))
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
  return () => {
    if (carrier === undefined) throw new Error("the carrier is open within tests alone")
    return carrier
  }
}

interface Titled {
  readonly title: string
}

/** Registers the laws for one adapter over one transport. */
export const suiteOverSockets = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  carrying: Carrying,
  only: (law: Titled) => boolean,
): void => {
  describe(`${harness.name} conforms over sockets and ${carrying.name}`, () => {
    const carrier = useCarrier(carrying)
    for (const law of Laws.of(harness.switches).filter(only)) {
      it(`${law.ids}: ${law.title}`, { timeout }, async (context) => {
        const verdict = await Effect.runPromise(verifyOver(carrier(), harness, law), { signal: context.signal })
        if (verdict._tag === "Skipped") context.skip(verdict.reason)
      })
    }
  })
}

/** Registers the attacks on one adapter over one transport. */
export const attacksOverSockets = <Opened, Name extends string>(
  target: Target<Opened, Name>,
  carrying: Carrying,
  only: (attack: Titled) => boolean,
): void => {
  describe(`${target.name} under attack over sockets and ${carrying.name}`, () => {
    const carrier = useCarrier(carrying)
    const carried = carriedBy(carrier)
    const overSockets: Target<Opened, Name> = { ...target, open: (token) => carried(target.open(token)) }
    for (const attack of Attacks.of(overSockets, { runs: form(10, 100) }).filter(only)) {
      it(`${attack.ids}: ${attack.title}`, { timeout }, async ({ signal }) => {
        const clock = SettledClock.layer(carrier().isStill)
        const check = Effect.provideService(attack.check, AttackClock, clock)
        await Effect.runPromise(Effect.andThen(check, requireNoProblem(carrier())), { signal })
      })
    }
  })
}

/** Milliseconds of real time: a request that hangs holds virtual time up. */
const timeout = form(60_000, 600_000)
