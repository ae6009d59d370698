/** What Zeotap's routes share. */
import type { Settings } from "../../Switch.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import type { DialectContext } from "../engine/dialect.ts"
import type { Reply } from "../http/reply.ts"
import * as Wire from "./wire.ts"

/** One emulated account. */
export interface Account extends Pick<DialectContext<ZeotapSwitches>, "world" | "mint"> {
  readonly owners: Wire.Owners
  readonly currentSwitches: () => Settings<ZeotapSwitches>
  readonly fail: (status: number, message: string) => Reply
  readonly syncNotFound: () => Reply
}

export const makeAccount = (
  { world, mint, currentSwitches }: DialectContext<ZeotapSwitches>,
  workspace: string,
): Account => {
  const fail = (status: number, message: string) => Wire.failure(currentSwitches(), status, message)
  return {
    world,
    mint,
    currentSwitches,
    owners: { workspace, account: mint.uuid("account") },
    fail,
    syncNotFound: () => fail(Number(currentSwitches().unknownSync), "sync not found"),
  }
}
