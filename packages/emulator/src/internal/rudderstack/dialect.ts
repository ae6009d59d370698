/** RudderStack's dialect: which route a request takes, and its refusals. */
import type { RudderStackSwitches } from "../../RudderStackSwitches.ts"
import type { Dialect } from "../engine/dialect.ts"
import type { Setting } from "../engine/make.ts"
import { withHeaders } from "../http/reply.ts"
import { makeAccount } from "./account.ts"
import * as Runs from "./runs.ts"
import { formOf } from "./schedule.ts"
import * as Sources from "./sources.ts"
import * as Connections from "./syncs.ts"
import * as Wire from "./wire.ts"

export const dialect = (setting: Setting<RudderStackSwitches>, region: "us" | "eu"): Dialect => {
  const { world, mint, settings } = setting
  const account = makeAccount(setting)
  const { fail } = account
  const [runs, connections, sources] = [Runs.routes(account), Connections.routes(account), Sources.routes(account)]
  return {
    baseUrl: region === "us" ? "https://api.rudderstack.com" : "https://api.eu.rudderstack.com",
    workspace: { id: mint.ksuid("workspace"), name: "Emulated workspace" },
    route: (incoming) => {
      const [version, root, id] = incoming.segments
      if (version !== "v2") return undefined
      if (root === "retl-sources") return sources(incoming)
      if (root !== "retl-connections") return undefined
      const sync = id === undefined ? undefined : world.syncs.get(id)
      return connections(incoming, sync) ?? runs(incoming, sync)
    },
    notFound: () => fail(404, "Not Found"),
    unauthorized: () => fail(401, "Invalid Authorization Header"),
    forbidden: () => fail(Number(settings().permissionDeniedStatus), "You do not have permission for this resource"),
    tooManyRequests: (standing, now) => {
      const reply = fail(429, "Too Many Requests")
      if (settings().retryAfter === "absent") return reply
      return withHeaders(reply, { "retry-after": String(Math.max(1, Math.ceil((standing.resetAt - now) / 1000))) })
    },
    serial: () => settings().overlap === "queued",
    exclusive: () => settings().overlap === "409",
    newRunId: () => mint.xid("run"),
    newParts: (name, chosen) => {
      const source = chosen["source"] ?? mint.ksuid("source")
      const destination = chosen["destination"] ?? mint.ksuid("destination")
      account.sources.set(source, Sources.usual(account, source, name))
      account.destinations.add(destination)
      return { source, destination }
    },
    newIds: () => ({ connection: mint.ksuid("connection") }),
    newAttributes: () => ({ ...Connections.usual }),
    scheduleForm: formOf,
    key: (ids) => String(ids["connection"]),
    word: (run, at) => Wire.word(settings(), run, at),
  }
}
