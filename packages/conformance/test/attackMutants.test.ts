import * as Attacks from "@openretl/conformance/Attacks"
import type { RunsPart, Snapshot } from "@openretl/core/driver/Driver"
import type * as VendorClient from "@openretl/core/driver/VendorClient"
import * as Reason from "@openretl/core/Reason"
import { RetlError } from "@openretl/core/RetlError"
import { type Response, Transport } from "@openretl/core/Transport"
import { Cause, Effect, Exit, Redacted, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { third } from "../../../scripts/forms.ts"
import * as Acme from "./acme.ts"
import { target } from "./acmeTarget.ts"

/** What a mutant can be made of. */
interface Parts {
  readonly driver: Acme.AcmeDriver
  readonly http: VendorClient.VendorClient
  readonly token: string
  /** Sends a GET past the client. */
  readonly send: (url: string) => Effect.Effect<Response, RetlError>
}

interface Mutant {
  /** The law that the mutant breaks. */
  readonly law: string
  /** Completes "a mutant that". */
  readonly behavior: string
  /** Returns the members that replace those of the driver. */
  readonly change: (parts: Parts) => object
}

const base = "https://api.rudderstack.com/v2/retl-connections"
const snapshot: Snapshot<Acme.Execution> = {
  run: "run-1",
  status: "unknown",
  vendorStatus: "",
  rows: {},
  native: { id: "run-1", status: "" },
}

const unexpectedResponse = (text: string) =>
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

/** Creates a mutant with another `get`. */
const getMutant = (
  law: string,
  behavior: string,
  get: (parts: Parts, sync: Acme.Ids, run: string) => Effect.Effect<unknown, RetlError>,
): Mutant => ({
  law,
  behavior,
  change: (parts) => {
    const mutatedGet: RunsPart<Acme.Ids, Acme.Execution>["get"] = (sync, run) =>
      Effect.as(get(parts, sync, run), snapshot)
    return { runs: { ...parts.driver.runs, get: mutatedGet } }
  },
})

const readJson = ({ http }: Parts, path: ReadonlyArray<string>) =>
  http.call({ operation: "get", method: "GET", path, answer: Schema.Unknown })

const pathOf = ({ connection }: Acme.Ids, run: string) => [...Acme.root, connection, "syncs", run]

const depth = (json: unknown): number => (Array.isArray(json) ? 1 + Math.max(0, ...json.map(depth)) : 0)

const textOf = ({ body }: Response) => new TextDecoder().decode(body)

const mutants: ReadonlyArray<Mutant> = [
  getMutant("H5", "dies of JSON that it does not expect", (parts, sync, run) =>
    Effect.map(readJson(parts, pathOf(sync, run)), (json) => String(Reflect.get(Object(json), "status").length)),
  ),
  getMutant("H5", "recurses as deep as an answer is nested", (parts, sync, run) =>
    Effect.map(readJson(parts, pathOf(sync, run)), depth),
  ),
  getMutant("H5", "sends a read again after a failure", ({ driver }, sync, run) =>
    Effect.retry(driver.runs.get(sync, run), { times: 1 }),
  ),
  getMutant("H5", "waits before a read", ({ driver }, sync, run) =>
    Effect.delay(driver.runs.get(sync, run), "1 minute"),
  ),
  getMutant("H5", "sends no request", () => Effect.void),
  getMutant("H1", "puts an id into the path as it is", ({ send }, { connection }, run) =>
    send(`${base}/${connection}/syncs/${run}`),
  ),
  getMutant("H1", "encodes an id, but lets dots step through the path", ({ send }, { connection }, run) =>
    connection.isWellFormed() && run.isWellFormed()
      ? send(`${base}/${encodeURIComponent(connection)}/syncs/${encodeURIComponent(run)}`)
      : Effect.fail(unexpectedResponse("")),
  ),
  getMutant("H1", "encodes an id twice", (parts, sync, run) => readJson(parts, pathOf(sync, escape(run)))),
  getMutant("H1", "takes an id for an address", ({ send }, _, run) => send(new URL(run, `${base}/`).href)),
  getMutant("H1", "puts an id into the query as it is", ({ send }, _, run) => send(`${base}?id=${run}`)),
  getMutant("H1", "replaces an empty id by another", ({ driver }, sync, run) => driver.runs.get(sync, run || "latest")),
  getMutant("H1", "does not say that a refused id was not sent", ({ driver }, sync, run) =>
    Effect.mapError(driver.runs.get(sync, run), (error) => error.with({ delivery: "unknown" })),
  ),
  { law: "H2", behavior: "keeps the token where it can be read", change: ({ token }) => ({ settings: { token } }) },
  getMutant("H2", "fails with the vendor's answer", ({ send }, { connection }) =>
    Effect.flatMap(send(`${base}/${encodeURIComponent(connection)}`), (answer) =>
      Effect.fail(unexpectedResponse(textOf(answer))),
    ),
  ),
  getMutant("H2", "fails with a header of the answer", ({ send }) =>
    Effect.flatMap(send(base), ({ headers }) => Effect.fail(unexpectedResponse(headers["retry-after"] ?? ""))),
  ),
  getMutant("H2", "logs the vendor's answer", ({ send }) =>
    Effect.flatMap(send(base), (answer) => Effect.log(textOf(answer))),
  ),
  {
    law: "H5",
    behavior: "cuts the token out of what it reads",
    change: ({ driver, token }) => ({
      runs: {
        ...driver.runs,
        start: (sync: Acme.Ids) =>
          Effect.map(driver.runs.start(sync, {}), (run) => run.replaceAll(token, "<redacted>")),
      },
    }),
  },
  getMutant("H3", "follows a redirect", ({ send }) =>
    Effect.flatMap(send(base), ({ headers: { location = base } }) => send(new URL(location, base).href)),
  ),
  getMutant("H3", "takes a redirect for a success", ({ send }) => send(base)),
]

const attacksOn = (change: Mutant["change"], sampling?: Attacks.Sampling) =>
  Attacks.of(
    {
      ...target,
      open: Effect.fnUntraced(function* (token: Redacted.Redacted) {
        const transport = yield* Transport
        const http = yield* Acme.client({ name: "prod", token, defaultScope: "incremental" })
        const driver = Acme.driver(http)
        const headers = { accept: "application/json", authorization: Redacted.make(`Bearer ${Redacted.value(token)}`) }
        const send = (url: string) =>
          Effect.orDie(transport.send({ method: "GET", url, headers, maxBytes: 8 * 1024 * 1024 }))
        return { ...driver, ...change({ driver, http, token: Redacted.value(token), send }) }
      }),
    },
    sampling,
  )

const failuresOf = async (attacks: ReadonlyArray<Attacks.Attack>) => {
  const failures: Array<{ readonly title: string; readonly message: string }> = []
  for (const { title, check } of attacks) {
    const exit = await Effect.runPromiseExit(check)
    if (Exit.isFailure(exit)) failures.push({ title, message: Cause.pretty(exit.cause) })
  }
  return failures
}

describe("the attacks notice every mutant of a driver", () => {
  it.each(third(mutants))("$law: a mutant that $behavior", async ({ law, change }) => {
    const attacks = attacksOn(change).filter(({ ids }) => ids.split(", ").includes(law))
    expect(await failuresOf(attacks)).not.toEqual([])
  })

  it("an id that is in no request is reported", async () => {
    const withUnusedId = { ...target, ids: { ...target.ids, account: "account-1" } }
    const [failure] = await failuresOf(Attacks.of(withUnusedId).filter(({ ids }) => ids === "H1, H5"))
    expect(failure?.message).toContain("ids that are in no request")
  })

  it("a failure names the drawn value, and draws it again", async () => {
    const [{ change = () => ({}) } = {}] = mutants
    const drawsJson = ({ title }: Attacks.Attack) => title.startsWith("any JSON ")
    const [failure] = await failuresOf(attacksOn(change).filter(drawsJson))
    const [, replay = ""] = /^Replay: (.*)$/m.exec(failure?.message ?? "") ?? []
    const [replayed] = await failuresOf(attacksOn(change, { replay }).filter(drawsJson))
    expect(replayed?.message).toContain("get ends in neither a value nor a RetlError: TypeError")
    expect(replayed?.message).toContain(`Replay: ${replay}`)
  })
})
