/** What Zeotap's routes share. */

import type { DialectContext } from "../../kit/Dialect.ts"
import type { Reply } from "../../kit/Reply.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import * as Wire from "./wire.ts"

/** One emulated account. */
export interface Account extends DialectContext<ZeotapSwitches> {
  readonly owners: Wire.Owners
  readonly fail: (status: number, message: string) => Reply
  readonly syncNotFound: () => Reply
}

export const makeAccount = (context: DialectContext<ZeotapSwitches>, workspace: string): Account => {
  const { mint, currentSwitches } = context
  const fail = (status: number, message: string) => Wire.failure(currentSwitches(), status, message)
  return {
    ...context,
    owners: { workspace, account: mint.uuid("account") },
    fail,
    syncNotFound: () => fail(Number(currentSwitches().unknownSync), "sync not found"),
  }
}
