/** What all of Zeotap's routes share: the world, the workspace, and how it answers. */
import type { Settings } from "../../Switch.ts"
import type { ZeotapSwitches } from "../../ZeotapSwitches.ts"
import type { Setting } from "../engine/make.ts"
import { type Incoming, integer } from "../http/incomingRequest.ts"
import { jsonText, type Reply } from "../http/reply.ts"
import { array } from "../http/runText.ts"
import * as Wire from "./wire.ts"

/** So many of all entries, as JSON texts. `newest`: the newest of them are wanted, in whichever order. */
type Read = (newest: boolean, offset: number, limit: number) => { rows: ReadonlyArray<string>; total: number }

export interface Account extends Pick<Setting<ZeotapSwitches>, "world" | "mint"> {
  readonly names: Wire.Names
  readonly settings: () => Settings<ZeotapSwitches>
  readonly fail: (status: number, message: string) => Reply
  /** A sync that does not exist. */
  readonly noSync: () => Reply
  /** A list: a bare array, or an envelope. */
  readonly listed: (incoming: Incoming, read: Read) => Reply
}

export const makeAccount = ({ world, mint, settings }: Setting<ZeotapSwitches>, workspace: string): Account => {
  const fail = (status: number, message: string) => Wire.failure(settings(), status, message)
  return {
    world,
    mint,
    settings,
    names: { workspace, account: mint.uuid("account") },
    fail,
    noSync: () => fail(Number(settings().unknownSync), "sync not found"),
    listed: (incoming, read) => {
      const set = settings()
      const paged = set.listShape === "envelope" || set.arrayPaging === "honored"
      if (!paged) {
        const limit = set.runsLength === "all" ? Number.MAX_SAFE_INTEGER : Number(set.runsLength)
        return jsonText(200, array(read(true, 0, limit).rows))
      }
      const number = integer(incoming.query.get("page") ?? "1")
      const size = integer(incoming.query.get("page_size") ?? "20")
      if (!(number >= 1) || !(size >= 1 && size <= 100)) return fail(400, "invalid page or page_size")
      const { rows, total } = read(false, (number - 1) * size, size)
      const pagination = JSON.stringify({ page: number, page_size: size, total })
      return jsonText(
        200,
        set.listShape === "array" ? array(rows) : `{"data":${array(rows)},"pagination":${pagination}}`,
      )
    },
  }
}
