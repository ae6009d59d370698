/**
 * Controls a served emulator from another process: with the controls of `Emulator`, under their names. `ControlServer` or
 * the command `openretl-emulator` serves it.
 */

import * as Input from "@openretl/core/driver/Input"
import * as FieldIssue from "@openretl/core/FieldIssue"
import * as KyTransport from "@openretl/core/KyTransport"
import type * as Transport from "@openretl/core/Transport"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Control from "./Control.ts"
import { ControlError } from "./ControlError.ts"
import type { Emulator } from "./Emulator.ts"
import type * as Hint from "./Hint.ts"

/** Options of the client. */
export interface Options {
  /** The origin that the emulator is served at, as in `http://127.0.0.1:4010`. */
  readonly url: string
  /** What sends the requests. @default ky, over the platform's `fetch` */
  readonly transport?: Transport.Service
}

/** A control of an emulator, over HTTP: it may fail with `ControlError`. */
export type Remote<Member> =
  Member extends Effect.Effect<infer A>
    ? Effect.Effect<A, ControlError>
    : Member extends (...args: infer Args extends ReadonlyArray<unknown>) => Effect.Effect<infer A>
      ? (...args: Args) => Effect.Effect<A, ControlError>
      : never

/** The controls of an emulator that its client has, too. */
export type Shared = Pick<
  Emulator,
  | "now"
  | "calls"
  | "clearCalls"
  | "overLimit"
  | "addSync"
  | "addParts"
  | "syncs"
  | "setState"
  | "changeSync"
  | "deleteSync"
  | "script"
  | "triggerAsStranger"
  | "stopRun"
  | "endRun"
  | "runsOf"
  | "addFaults"
  | "clearFaults"
  | "deny"
  | "rotateToken"
  | "setReadLag"
  | "setChangeTakes"
  | "setNormalization"
  | "setOmittedFields"
  | "addTraffic"
  | "setSwitch"
>

/** The controls that an emulator in memory has, each of which may fail with `ControlError` here. */
export type RemoteControls = { readonly [Name in keyof Shared]: Remote<Shared[Name]> }

/** Controls one served emulator. */
export interface ControlClient extends RemoteControls {
  readonly vendor: Emulator["vendor"]
  /** The origin that the emulator is served at: the base URL for the vendor's clients. */
  readonly url: string
  readonly workspace: Emulator["workspace"]
  /** What is served, with the token that is accepted now. */
  readonly info: Effect.Effect<Control.Info, ControlError>
  /** All syncs, runs and requests at one instant, each run with the request that started it. */
  readonly truth: Effect.Effect<Control.Truth, ControlError>
  /**
   * Lets the emulator send a hint to the URL for each run that starts or ends, until the next `reset`: a `POST` with a `Hint`
   * as JSON, as a vendor's webhook sends one.
   */
  readonly sendHints: (url: string, options?: Hint.Options) => Effect.Effect<void, ControlError>
  /** Puts the emulator back into its first state: the same syncs and token, no runs, no requests, no faults. */
  readonly reset: Effect.Effect<void, ControlError>
}

/** Creates a client, after it has read what is served. Fails with `ControlError` where no emulator is served there. */
export const make = (options: Options): Effect.Effect<ControlClient, ControlError> => {
  const send = sender(options)
  const truth = send("truth", {})
  return Effect.map(send("info", {}), ({ vendor, url, workspace }) => ({
    vendor,
    url,
    workspace,
    info: send("info", {}),
    truth,
    reset: Effect.asVoid(send("reset", {})),
    sendHints: (url, options = {}) => Effect.asVoid(send("sendHints", { url, ...options })),
    now: Effect.map(truth, ({ now }) => now),
    calls: Effect.map(truth, ({ calls }) => calls),
    clearCalls: Effect.asVoid(send("clearCalls", {})),
    overLimit: Effect.map(truth, ({ overLimit }) => overLimit),
    addSync: (sync = {}) => Effect.map(send("addSync", sync), ({ sync }) => sync),
    addParts: (name, ids) =>
      Effect.map(
        send("addParts", { ...(name !== undefined && { name }), ...(ids !== undefined && { ids }) }),
        ({ parts }) => parts,
      ),
    syncs: Effect.map(truth, ({ syncs }) => syncs),
    setState: (sync, state) => Effect.asVoid(send("setState", { sync, state })),
    changeSync: (sync, change) => Effect.asVoid(send("changeSync", { sync, ...change })),
    deleteSync: (sync) => Effect.asVoid(send("deleteSync", { sync })),
    script: (sync, plans) => Effect.asVoid(send("script", { sync, plans })),
    triggerAsStranger: (sync, run = {}) => Effect.map(send("triggerAsStranger", { sync, ...run }), ({ run }) => run),
    stopRun: (run) => Effect.asVoid(send("stopRun", { run })),
    endRun: (run) => Effect.asVoid(send("endRun", { run })),
    runsOf: (sync) => Effect.map(send("runsOf", { sync }), ({ runs }) => runs),
    addFaults: (...faults) => Effect.asVoid(send("addFaults", { faults })),
    clearFaults: Effect.asVoid(send("clearFaults", {})),
    deny: (operations) => Effect.asVoid(send("deny", { operations })),
    rotateToken: Effect.map(send("rotateToken", {}), ({ token }) => token),
    setReadLag: (lag) => Effect.asVoid(send("setReadLag", { lag })),
    setChangeTakes: (takes) => Effect.asVoid(send("setChangeTakes", { takes })),
    setNormalization: (...kinds) => Effect.asVoid(send("setNormalization", { kinds })),
    setOmittedFields: (treatment) => Effect.asVoid(send("setOmittedFields", { treatment })),
    addTraffic: (traffic) => Effect.asVoid(send("addTraffic", traffic)),
    setSwitch: (nameOrFact, value) => Effect.asVoid(send("setSwitches", { switches: { [nameOrFact]: value } })),
  }))
}

/** The most bytes of an answer: `truth` has every request and every run. */
const maxBytes = 256 * 1024 * 1024

const sender = ({ url, transport = KyTransport.make() }: Options) =>
  Effect.fnUntraced(function* <Name extends Control.CommandName>(command: Name, input: Control.InputOf<Name>) {
    const failure = (reason: ControlError["reason"], detail: string, issues: ControlError["issues"] = []) =>
      new ControlError({ command, reason, detail, issues })
    const { method, input: inputSchema, output }: Command<Name> = Control.commands[command]
    const body = yield* Effect.mapError(Schema.encodeUnknownEffect(inputSchema)(input), (error) => {
      const issues = FieldIssue.fromSchemaError(error)
      return failure("invalid-input", FieldIssue.toText(issues), issues)
    })
    const response = yield* Effect.mapError(
      transport.send({
        method,
        url: `${url}${Control.path}/${command}`,
        headers: { "content-type": "application/json" },
        ...(method === "POST" && { body: JSON.stringify(body) }),
        maxBytes,
      }),
      (error) => failure("no-answer", error.message),
    )
    const value = parse(response.body)
    if (response.status === 200) {
      const decoded = Input.decoder(output, { excess: "ignore" })(value)
      if (Result.isSuccess(decoded)) return decoded.success
      return yield* failure("unexpected-answer", FieldIssue.toText(decoded.failure))
    }
    const refusal = decodeRefusal(value)
    if (Result.isSuccess(refusal)) {
      const { reason, message, issues } = refusal.success.error
      return yield* failure(reason, message, issues)
    }
    return yield* failure("unexpected-answer", `no emulator answers at ${url}: status ${response.status}`)
  })

interface Command<Name extends Control.CommandName> {
  readonly method: "GET" | "POST"
  readonly input: Schema.Codec<Control.InputOf<Name>, unknown>
  readonly output: Schema.Codec<Control.AnswerOf<Name>, unknown>
}

const decodeRefusal = Input.decoder(Control.Refusal, { excess: "ignore" })

const parse = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
