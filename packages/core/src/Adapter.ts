/**
 * Adapters: core makes a vendor's workspaces, layers, refs and typed payloads from the vendor's options, client and
 * driver. The author of an adapter begins with the driver (`driver/Driver.ts`) and passes it to `make`.
 */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
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
  /** The schema of the options: `Options.fields`, and the fields that this vendor needs besides. */
  readonly options: Schema.ConstraintDecoder<O>
  /** The schema of the ids that name a sync. */
  readonly ids: IdsSchema<Ids>
  /** The schema of the vendor's payload of a run. */
  readonly native: Schema.ConstraintDecoder<Native>
  /** Creates the client of decoded options. It uses the `Transport` of its surroundings. */
  readonly connect: (options: O) => Effect.Effect<Client>
  /** Creates the driver over a client. */
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
  /** The vendor's short name, as in `segment`. */
  readonly vendor: string
  /** Creates the client. Fails with `InvalidRequest`, with all problems of the options at once, before any request. */
  readonly client: (options: O) => Effect.Effect<Client, RetlError>
  /** Creates the driver over a client. */
  readonly driver: (client: Client, options?: Partial<O>) => D
  /**
   * Creates the workspace as a value, for a fleet. Its background work ends with the surrounding `Scope`. Fails with
   * `InvalidRequest`, with all problems of the options at once, before any request.
   */
  readonly workspace: (options: O) => Effect.Effect<Workspace.Workspace<S>, RetlError, EffectScope.Scope>
  /** Returns all problems of options, unknown names included. */
  readonly issues: (options: unknown) => ReadonlyArray<FieldIssue.FieldIssue>
  /** Creates the layer of the workspace. It fails as `workspace` does. */
  readonly layer: (options: O) => Layer.Layer<S, RetlError>
  /**
   * As `layer`, with any part of the options read from the configuration. It fails with all problems at once, each with the
   * name of its variable: one that is not set is another problem than one with a wrong value.
   */
  readonly layerConfig: (wrapped: FromConfig.Wrap<O>) => Layer.Layer<S, RetlError>
  /** As `workspace`, with options as `layerConfig` takes them: for a fleet. */
  readonly workspaceConfig: (
    wrapped: FromConfig.Wrap<O>,
  ) => Effect.Effect<Workspace.Workspace<S>, RetlError, EffectScope.Scope>
  /**
   * Creates the ref of a sync. Fails with `InvalidRequest`, an issue for each field, where the name or an id is
   * invalid.
   */
  readonly syncRef: (workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError>
  /** Returns the vendor's payload of a run, typed; `undefined` for a run of another vendor. */
  readonly nativeOf: (run: Run) => Native | undefined
}

/** Creates the workspace of a driver, with or without the services that configure syncs. */
export type MakeWorkspace<D extends AnyDriver, S> = (
  options: Workspace.MakeOptions,
  driver: D,
) => Effect.Effect<Workspace.Workspace<S>, RetlError, EffectScope.Scope>

/** Creates an adapter that runs syncs. `AdminAdapter.make` creates one that configures them as well. */
export const make = <O extends Options.Options, Client, Ids, Native, const D extends AnyDriver>(
  parts: Parts<O, Client, Ids, Native, D>,
): Adapter<O, Client, Ids, Native, D> => ({
  ...assemble(parts, Workspace.make<D>),
  nativeOf: nativeOf(parts.vendor, parts.native, ({ ref }: Run) => ref.vendor),
})

/**
 * Returns the function that decodes the payloads of one vendor's runs or syncs; it returns `undefined` for other
 * vendors.
 */
export const nativeOf = <A extends { readonly native: unknown }, Native>(
  vendor: string,
  schema: Schema.ConstraintDecoder<Native>,
  vendorOf: (value: A) => string,
): ((value: A) => Native | undefined) => {
  const decode = Wire.orUndefined(schema)
  return (value) => (vendorOf(value) === vendor ? decode(value.native) : undefined)
}

/** Creates everything of an adapter but `nativeOf`. */
export const assemble = <O extends Options.Options, Client, Ids, D extends AnyDriver, S>(
  { vendor, options: schema, ids, connect, driver }: Omit<Parts<O, Client, Ids, never, D>, "native">,
  makeWorkspace: MakeWorkspace<D, S>,
) => {
  const { validate, fromConfig } = optionsOf(vendor, schema)
  const workspaceOf = Effect.flatMap((options: O) =>
    Effect.flatMap(connect(options), (client) => makeWorkspace(options, driver(client, options))),
  )
  const workspace = (options: O) => workspaceOf(validate(options))
  const workspaceConfig = (wrapped: FromConfig.Wrap<O>) => workspaceOf(fromConfig(wrapped))
  return {
    vendor,
    client: (options: O) => Effect.flatMap(validate(options), connect),
    driver: (client: Client, options: Partial<O> = {}) => driver(client, options),
    workspace,
    issues: Input.issues(schema),
    layer: (options: O) => Workspace.toLayer(workspace(options)),
    layerConfig: (wrapped: FromConfig.Wrap<O>) => Workspace.toLayer(workspaceConfig(wrapped)),
    workspaceConfig,
    syncRef: syncRefOf(vendor, ids),
  }
}

const refuse = (
  vendor: string,
  workspace: unknown,
  operation: string,
  issues: ReadonlyArray<FieldIssue.FieldIssue>,
): Effect.Effect<never, RetlError> =>
  Effect.fail(
    RetlError.notSent({
      workspace: typeof workspace === "string" ? workspace : "",
      vendor,
      operation,
      reason: new InvalidRequest({ issues }),
    }),
  )

/** Returns the scope that the schema of an adapter without scopes drops, so that the workspace rejects it. */
const scopeOf = (options: unknown): object => {
  const defaultScope = Input.field(options, "defaultScope")
  return defaultScope === undefined ? {} : { defaultScope }
}

/** Returns the functions that decode a vendor's options, and that read them from the configuration. */
const optionsOf = <O extends Options.Options>(vendor: string, schema: Schema.ConstraintDecoder<O>) => {
  const decodeListed = Input.decoder(schema, { excess: "ignore" })
  const decode = (options: unknown): Result.Result<O, ReadonlyArray<FieldIssue.FieldIssue>> =>
    Result.map(decodeListed(options), (decoded) => ({ ...scopeOf(options), ...decoded }))
  const validate = (
    options: unknown,
    unread: ReadonlyArray<FieldIssue.FieldIssue> = [],
    variables: FromConfig.Read["variables"] = new Map(),
  ): Effect.Effect<O, RetlError> =>
    Effect.suspend(() => {
      const decoded = decode(options)
      if (Result.isSuccess(decoded) && unread.length === 0) return Effect.succeed(decoded.success)
      const names = new Set(unread.map(({ path }) => path[0]))
      // A part that cannot be read has no other issue; where the whole cannot be read, no part has one.
      const isWhole = names.has(undefined)
      const invalid =
        Result.isSuccess(decoded) || isWhole ? [] : decoded.failure.filter(({ path }) => !names.has(path[0]))
      const named = invalid.map(({ path, message }) => {
        const [variable] = variables.get(path[0]) ?? []
        return { path, message: variable === undefined ? message : `${message}, in ${variable}` }
      })
      return refuse(vendor, Input.field(options, "name"), "configure", [...unread, ...named])
    })
  return {
    validate,
    fromConfig: (wrapped: FromConfig.Wrap<O>): Effect.Effect<O, RetlError> =>
      Effect.flatMap(FromConfig.read(wrapped), ({ options, issues, variables }) =>
        validate(options, issues, variables),
      ),
  }
}

/** Returns the function that creates the refs of a vendor's syncs. */
const syncRefOf = <Ids>(
  vendor: string,
  schema: IdsSchema<Ids>,
): ((workspaceName: string, ids: Ids) => Effect.Effect<SyncRef, RetlError>) => {
  const decodeIds = Input.decoder(schema)
  const decodeRef = Input.decoder(SyncRef)
  return (workspaceName, ids) =>
    Effect.suspend(() => {
      const decodedIds = decodeIds(ids)
      // Decoded ids have no field that is `undefined`.
      const ref = decodeRef({ workspace: workspaceName, vendor, ids: Result.getOrElse(decodedIds, () => ids) })
      const issues = [
        ...(Result.isSuccess(decodedIds) ? [] : FieldIssue.within(["ids"], decodedIds.failure)),
        ...(Result.isSuccess(ref) ? [] : ref.failure.filter(({ path }) => path[0] !== "ids")),
      ]
      return Result.isSuccess(ref) && issues.length === 0
        ? Effect.succeed(ref.success)
        : refuse(vendor, workspaceName, "syncRef", issues)
    })
}
