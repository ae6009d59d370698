/** The laws and the attacks over a real transport and sockets, on virtual time. */
import type { Harness, VendorEmulator, WorkspaceOptions } from "@openretl/conformance/Harness"
import type { Law } from "@openretl/conformance/Law"
import * as Laws from "@openretl/conformance/Laws"
import { verify } from "@openretl/conformance/Verify"
import { type Service, Transport } from "@openretl/core/Transport"
import type { Switches } from "@openretl/emulator/Switch"
import { Effect, Exit, Scope } from "effect"
import { afterAll, beforeAll, describe, it } from "vitest"
import * as Carrier from "./carrier.ts"
import * as SettledClock from "./settledClock.ts"

/** Returns the harness whose workspaces reach their emulator by the carrier. */
const over = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  carrier: Carrier.Carrier,
): Harness<S, E> => {
  const carried = <A, Er, R>(opened: Effect.Effect<A, Er, R>) =>
    Effect.flatMap(Transport, (wire) => Effect.provideService(opened, Transport, carrier.to(wire)))
  const { workspace, administration, catalog } = harness
  return {
    ...harness,
    workspace: (emulator, options) => carried(workspace(emulator, options)),
    ...(administration && {
      administration: {
        ...administration,
        workspace: (emulator: E, options: WorkspaceOptions) => carried(administration.workspace(emulator, options)),
      },
    }),
    ...(catalog && {
      catalog: {
        ...catalog,
        workspace: (emulator: E, options: WorkspaceOptions) => carried(catalog.workspace(emulator, options)),
      },
    }),
  }
}

/** Registers the laws for one adapter over one transport, which is made once for all of them. */
export const suiteOverSockets = <S extends Switches, E extends VendorEmulator>(
  harness: Harness<S, E>,
  name: string,
  transport: Effect.Effect<Service, never, Scope.Scope>,
  only: (law: Law) => boolean,
): void => {
  describe(`${harness.name} conforms over sockets and ${name}`, () => {
    const scope = Scope.makeUnsafe()
    let carrier: Carrier.Carrier
    beforeAll(async () => {
      carrier = await Effect.runPromise(Scope.provide(Effect.flatMap(transport, Carrier.make), scope))
    })
    afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))
    for (const law of Laws.of(harness.switches).filter(only)) {
      it(`${law.ids}: ${law.title}`, async (context) => {
        const onSettledTime = Effect.provide(verify(over(harness, carrier), law), SettledClock.layer(carrier.isStill))
        const verdict = await Effect.runPromise(onSettledTime, { signal: context.signal })
        if (verdict._tag === "Skipped") context.skip(verdict.reason)
      })
    }
  })
}
