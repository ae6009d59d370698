import * as Attacks from "@openretl/conformance/Attacks"
import type { Driver } from "@openretl/core/driver/Driver"
import * as Reader from "@openretl/core/driver/Reader"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import { RetlError } from "@openretl/core/RetlError"
import { type Response, Transport } from "@openretl/core/Transport"
import { Cause, Effect, Exit, Redacted } from "effect"
import { describe, expect, it } from "vitest"
import * as Acme from "./acme.ts"
import { target } from "./acmeTarget.ts"

interface Parts {
  readonly made: Acme.AcmeDriver
  readonly http: VendorClient.VendorClient
  readonly token: string
  /** A GET that nobody looks after. */
  readonly send: (url: string) => Effect.Effect<Response, RetlError>
}

interface Mutant {
  readonly law: string
  readonly behavior: string
  readonly change: (parts: Parts) => object
}

const base = "https://api.rudderstack.com/v2/retl-connections"
const snapshot = { run: "run-1", status: "unknown", vendorStatus: "", rows: {}, native: undefined } as const

const unexpected = (text: string) =>
  new RetlError({
    workspace: "prod",
    vendor: "acme",
    operation: "get",
    reason: new Reason.UnexpectedResponse({ issues: [] }),
    delivery: "unknown",
    evidence: { text },
    attempts: 1,
    exhausted: false,
  })

/** A driver whose `get` is another. */
const get = (
  law: string,
  what: string,
  change: (parts: Parts, sync: Readonly<Record<string, string>>, run: string) => Effect.Effect<unknown, RetlError>,
): Mutant => ({
  law,
  behavior: what,
  change: (parts) => {
    const own: Driver["runs"]["get"] = (sync, run) => Effect.as(change(parts, sync, run), snapshot)
    return { runs: { ...parts.made.runs, get: own } }
  },
})

const anything = ({ http }: Parts, path: ReadonlyArray<string>) =>
  http.call({ operation: "get", method: "GET", path, answer: Reader.unknown })

const pathOf = ({ connection = "" }: Readonly<Record<string, string>>, run: string) => [
  "v2",
  "retl-connections",
  connection,
  "syncs",
  run,
]

const depth = (json: unknown): number => (Array.isArray(json) ? 1 + Math.max(0, ...json.map(depth)) : 0)

const textOf = ({ body }: Response) => new TextDecoder().decode(body)

const mutants: ReadonlyArray<Mutant> = [
  get("H5", "dies of JSON that it did not expect", (parts, sync, run) =>
    Effect.map(anything(parts, pathOf(sync, run)), (json) => String(Reflect.get(Object(json), "status").length)),
  ),
  get("H5", "goes as deep as an answer does", (parts, sync, run) =>
    Effect.map(anything(parts, pathOf(sync, run)), depth),
  ),
  get("H5", "asks again after a failure", ({ made }, sync, run) =>
    Effect.retry(made.runs.get(sync, run), { times: 1 }),
  ),
  get("H5", "waits", ({ made }, sync, run) => Effect.delay(made.runs.get(sync, run), "1 minute")),
  get("H5", "asks nobody", () => Effect.void),
  get("H1", "puts an id into the path as it is", ({ send }, { connection }, run) =>
    send(`${base}/${connection}/syncs/${run}`),
  ),
  get("H1", "encodes an id, but steps in the path", ({ send }, { connection = "" }, run) =>
    connection.isWellFormed() && run.isWellFormed()
      ? send(`${base}/${encodeURIComponent(connection)}/syncs/${encodeURIComponent(run)}`)
      : Effect.fail(unexpected("")),
  ),
  get("H1", "encodes an id twice", (parts, sync, run) => anything(parts, pathOf(sync, escape(run)))),
  get("H1", "takes an id for an address", ({ send }, _, run) => send(new URL(run, `${base}/`).href)),
  get("H1", "puts an id into the query as it is", ({ send }, _, run) => send(`${base}?id=${run}`)),
  get("H1", "has another id for an empty one", ({ made }, sync, run) => made.runs.get(sync, run || "latest")),
  get("H1", "refuses nothing by itself", ({ made }, sync, run) =>
    Effect.mapError(made.runs.get(sync, run), (error) => error.with({ delivery: "unknown" })),
  ),
  { law: "H2", behavior: "keeps the token where it can be read", change: ({ token }) => ({ settings: { token } }) },
  get("H2", "fails with what was answered", ({ send }, { connection = "" }) =>
    Effect.flatMap(send(`${base}/${encodeURIComponent(connection)}`), (answer) =>
      Effect.fail(unexpected(textOf(answer))),
    ),
  ),
  get("H2", "fails with a header", ({ send }) =>
    Effect.flatMap(send(base), ({ headers }) => Effect.fail(unexpected(headers["retry-after"] ?? ""))),
  ),
  get("H2", "logs what was answered", ({ send }) => Effect.flatMap(send(base), (answer) => Effect.log(textOf(answer)))),
  get("H3", "follows a redirect", ({ send }) =>
    Effect.flatMap(send(base), ({ headers: { location = base } }) => send(new URL(location, base).href)),
  ),
  get("H3", "takes a redirect for a success", ({ send }) => send(base)),
]

const attacksOn = (change: Mutant["change"], sampling?: Attacks.Sampling) =>
  Attacks.of(
    {
      ...target,
      open: Effect.fnUntraced(function* (token: Redacted.Redacted) {
        const transport = yield* Transport
        const http = yield* Acme.client({ name: "prod", token })
        const made = Acme.driver(http)
        const headers = { accept: "application/json", authorization: Redacted.make(`Bearer ${Redacted.value(token)}`) }
        const send = (url: string) =>
          Effect.orDie(transport.send({ method: "GET", url, headers, maxBytes: 8 * 1024 * 1024 }))
        return { ...made, ...change({ made, http, token: Redacted.value(token), send }) }
      }),
    },
    sampling,
  )

const failures = async (attacks: ReadonlyArray<Attacks.Attack>) => {
  const failed: Array<{ readonly title: string; readonly message: string }> = []
  for (const { title, check } of attacks) {
    const exit = await Effect.runPromiseExit(check)
    if (Exit.isFailure(exit)) failed.push({ title, message: Cause.pretty(exit.cause) })
  }
  return failed
}

describe("the attacks can succeed: a driver that is broken in one way does not withstand them", () => {
  it.each(mutants)("$law: one that $what", async ({ law, change }) => {
    expect(await failures(attacksOn(change).filter(({ ids }) => ids.split(", ").includes(law)))).not.toEqual([])
  })

  it("an id that is in no request is told: nothing of it would be attacked", async () => {
    const forgotten = { ...target, ids: { ...target.ids, account: "account-1" } }
    const [failure] = await failures(Attacks.of(forgotten).filter(({ ids }) => ids === "H1, H5"))
    expect(failure?.message).toContain("ids that are in no request")
  })

  it("what was drawn is told, and can be drawn again", async () => {
    const [{ change = () => ({}) } = {}] = mutants
    const isDrawn = ({ title }: Attacks.Attack) => title === "so does any JSON"
    const [failure] = await failures(attacksOn(change).filter(isDrawn))
    const [, replay = ""] = /^Replay: (.*)$/m.exec(failure?.message ?? "") ?? []
    const [again] = await failures(attacksOn(change, { replay }).filter(isDrawn))
    expect(again?.message).toContain("get ends in neither a value nor a RetlError: TypeError")
    expect(again?.message).toContain(`Replay: ${replay}`)
  })
})
