/**
 * An adapter as one value: from a vendor's options, client and driver come its workspace, its layers, its refs and the
 * typed view of its payloads.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as EffectScope from "effect/Scope"
import type { AnyDriver, IdsSchema } from "./driver/Driver.ts"
import * as FromConfig from "./driver/FromConfig.ts"
import type * as Options from "./driver/Options.ts"
import * as Wire from "./http/Wire.ts"
import * as FieldIssue from "./model/FieldIssue.ts"
import * as Input from "./model/Input.ts"
import { InvalidRequest } from "./model/Reason.ts"
import { SyncRef } from "./model/Ref.ts"
import { RetlError } from "./model/RetlError.ts"
import type { Run } from "./model/Run.ts"
import * as Workspace from "./Workspace.ts"

/** What the author of an adapter passes to `make`. */
export interface Parts<O extends Options.Options, Client, Ids, Native, D extends AnyDriver> {
  /** The vendor's short name, as in `segment`. */
  readonly vendor: string
  /** The schema of the options: `Options.fields`, and what this vendor needs besides. */
  readonly options: Schema.ConstraintDecoder<O>
  /** The ids that name a sync. */
  readonly ids: IdsSchema<Ids>
  /** The vendor's payload of a run. */
  readonly native: Schema.ConstraintDecoder<Native>
  /** Makes the client; it uses the `Transport` of its surroundings. */
  readonly connect: (options: O) => Effect.Effect<Client>
  /** Makes the driver over a client. */
  readonly driver: (client: Client, options: Partial<O>) => D
}

/** An adapter. */
export interface Adapter<
  O extends Options.Options,
  Client,
  Ids,
  Native,
  D extends AnyDriver,
  S = Workspace.RunServices<D>,
> {
  readonly vendor: string
  /** Makes the client. Fails with `InvalidRequest`, with all problems of the options at once. */
  readonly client: (options: O) => Effect.Effect<Client, RetlError>
  /** Makes the driver over a client. */
  readonly driver: (client: Client, options?: Partial<O>) => D
  /** Makes the workspace as a value, for a fleet. What it runs in the background ends with the surrounding `Scope`. */
  readonly workspace: (options: O) => Effect.Effect<Workspace.Workspace<S>, RetlError, EffectScope.Scope>
  /** Makes the layer of the workspace. All problems of the options are reported at once, before any request. */
  readonly layer: (options: O) => Layer.Layer<S, RetlError>
  /** As `layer`, with any part of the options read from the configuration. */
  readonly layerConfig: (wrapped: FromConfig.Wrap<O>) => Layer.Layer<S, RetlError>
  /** Makes the ref of a sync. Fails with `InvalidRequest`, an issue for each field, where the name or an id cannot be one. */
  readonly syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError>
  /** Returns the vendor's payload of a run, typed; `undefined` for a run of another vendor. */
  readonly nativeOf: (run: Run) => Native | undefined
}

/** How the workspace of a driver is made: with or without what configures syncs. */
export type MakeWorkspace<D extends AnyDriver, S> = (
  options: Workspace.MakeOptions,
  driver: D,
) => Effect.Effect<Workspace.Workspace<S>, RetlError, EffectScope.Scope>

/** Makes an adapter that runs syncs. `AdminAdapter.make` makes one that configures them besides. */
export const make = <O extends Options.Options, Client, Ids, Native, const D extends AnyDriver>(
  parts: Parts<O, Client, Ids, Native, D>,
): Adapter<O, Client, Ids, Native, D> => ({
  ...assemble(parts, Workspace.make<D>),
  nativeOf: nativeOf(parts.vendor, parts.native, ({ ref }: Run) => ref.vendor),
})

/** Returns the view of payloads as `schema` decodes them, for things of one vendor. */
export const nativeOf = <A extends { readonly native: unknown }, Native>(
  vendor: string,
  schema: Schema.ConstraintDecoder<Native>,
  vendorOf: (thing: A) => string,
): ((thing: A) => Native | undefined) => {
  const decode = Wire.orUndefined(schema)
  return (thing) => (vendorOf(thing) === vendor ? decode(thing.native) : undefined)
}

const decodeScope = /* @__PURE__ */ Input.decoder(Schema.Struct({ defaultScope: Input.optional(Schema.Unknown) }), {
  excess: "ignore",
})

/** Returns the scope that the schema of an adapter without scopes drops: a workspace without scopes refuses it. */
const scopeOf = (options: unknown): object => Result.getOrElse(decodeScope(options), () => ({}))

/** Makes everything of an adapter but `nativeOf`. */
export const assemble = <O extends Options.Options, Client, Ids, D extends AnyDriver, S>(
  { vendor, options: schema, ids: idsSchema, connect, driver }: Omit<Parts<O, Client, Ids, never, D>, "native">,
  makeWorkspace: MakeWorkspace<D, S>,
) => {
  const decodeListed = Input.decoder(schema, { excess: "ignore" })
  const decodeOptions = (options: unknown): Result.Result<O, ReadonlyArray<FieldIssue.FieldIssue>> =>
    Result.map(decodeListed(options), (decoded) => ({ ...scopeOf(options), ...decoded }))
  const decodeIds = Input.decoder(idsSchema)
  const decodeRef = Input.decoder(SyncRef)

  const refuse = (workspace: unknown, operation: string, issues: ReadonlyArray<FieldIssue.FieldIssue>) =>
    Effect.fail(
      RetlError.notSent({
        workspace: typeof workspace === "string" ? workspace : "",
        vendor,
        operation,
        reason: new InvalidRequest({ issues }),
      }),
    )

  const checked = (options: O): Effect.Effect<O, RetlError> =>
    Effect.suspend(() => {
      const decoded = decodeOptions(options)
      return Result.isSuccess(decoded)
        ? Effect.succeed(decoded.success)
        : refuse(options?.name, "configure", decoded.failure)
    })

  const workspace = (options: O) =>
    Effect.flatMap(checked(options), (decoded) =>
      Effect.flatMap(connect(decoded), (client) => makeWorkspace(decoded, driver(client, decoded))),
    )

  const layer = (options: O) => Workspace.toLayer(workspace(options))

  const fromConfig = Effect.fnUntraced(function* (wrapped: FromConfig.Wrap<O>): Effect.fn.Return<O, RetlError> {
    const { options, issues: unread } = yield* FromConfig.read(wrapped)
    const decoded = decodeOptions(options)
    const names = new Set(unread.map(({ path }) => path[0]))
    const isWhole = names.has(undefined)
    const wrong = Result.isSuccess(decoded) || isWhole ? [] : decoded.failure.filter(({ path }) => !names.has(path[0]))
    const issues = [...unread, ...wrong]
    if (issues.length > 0) return yield* refuse(Reflect.get(options, "name"), "configure", issues)
    return Result.isSuccess(decoded) ? decoded.success : yield* refuse("", "configure", decoded.failure)
  })

  return {
    vendor,
    client: (options: O) => Effect.flatMap(checked(options), connect),
    driver: (client: Client, options: Partial<O> = {}) => driver(client, options),
    workspace,
    layer,
    layerConfig: (wrapped: FromConfig.Wrap<O>) => Layer.unwrap(Effect.map(fromConfig(wrapped), layer)),
    syncRef: (workspaceName: string, ids: Ids): Effect.Effect<SyncRef, RetlError> =>
      Effect.suspend(() => {
        const decodedIds = decodeIds(ids)
        const ref = decodeRef({ workspace: workspaceName, vendor, ids })
        const issues = [
          ...(Result.isSuccess(decodedIds) ? [] : FieldIssue.within(["ids"], decodedIds.failure)),
          ...(Result.isSuccess(ref) ? [] : ref.failure.filter(({ path }) => path[0] !== "ids")),
        ]
        return Result.isSuccess(ref) && issues.length === 0
          ? Effect.succeed(ref.success)
          : refuse(workspaceName, "syncRef", issues)
      }),
  }
}
