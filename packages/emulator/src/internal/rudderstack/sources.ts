/** Sources of connections' rows: list, read, create, update and delete. Not on the vendor's public page. */

import { type IncomingRequest, parseObject } from "../../kit/IncomingRequest.ts"
import { empty, json, type Reply } from "../../kit/Reply.ts"
import type { RequestContext, Route } from "../../kit/Route.ts"
import { type Account, isVisible, type Source } from "./account.ts"
import { addNested, type Body, type BodyCheck, checkBody, hasProblems } from "./body.ts"
import { isInExternalIdFilter } from "./pages.ts"
import * as Wire from "./wire.ts"

/** The routes of sources. */
export interface Sources {
  readonly list: (request: IncomingRequest) => Route
  readonly create: (request: IncomingRequest) => Route
  readonly get: (id: string) => Route
  readonly update: (id: string, request: IncomingRequest) => Route
  readonly setExternalId: (id: string, request: IncomingRequest) => Route
  readonly remove: (id: string) => Route
}

/** A source that is set up without the API. */
export const defaultSource = (account: Account, id: string, name: string): Source => ({
  id,
  name,
  config: { primaryKey: "id", sql: "SELECT * FROM users" },
  enabled: true,
  sourceType: "model",
  sourceDefinitionName: "postgres",
  accountId: account.mint.ksuid("account"),
})

export const makeSources = (account: Account): Sources => {
  const { sources, world, mint, currentSwitches, fail, invalidBody, closedRefusal } = account

  const bodyOf = (source: Source): Body => {
    const { call: _, createdAt, updatedAt, ...fields } = source
    return {
      ...fields,
      ...(createdAt !== undefined && { createdAt: Wire.timestamp(currentSwitches(), createdAt) }),
      ...(updatedAt !== undefined && { updatedAt: Wire.timestamp(currentSwitches(), updatedAt) }),
    }
  }

  const listEntryOf = (source: Source): Body => {
    const { config, ...fields } = bodyOf(source)
    return currentSwitches().sourceListConfig === "present" ? { ...fields, config } : fields
  }

  const sourceNotFound = (): Reply => fail(404, "source not found")

  const createSource = (request: IncomingRequest, { now, call }: RequestContext): Reply => {
    const body = parseObject(request.body)
    if (body === undefined) return fail(400, "Bad Request")
    const check = checkBody(body)
    check.allowOnly([...changeableFields, "sourceType", "sourceDefinitionName", "externalId"])
    const common = readCommonFields(body, check)
    if (body["sourceType"] === undefined) check.add("sourceType", "Required")
    const word = check.oneOf("sourceType", ["model", "table"])
    const sourceType = word === "model" || word === "table" ? word : undefined
    const sourceDefinitionName = check.text("sourceDefinitionName")
    // The vendor's client sends an empty text where there is no external id.
    const externalId = body["externalId"] === "" ? undefined : check.text("externalId", { optional: true })
    const config = readConfig(check, sourceType, sourceDefinitionName)
    if (
      common === undefined ||
      sourceType === undefined ||
      sourceDefinitionName === undefined ||
      config === undefined ||
      hasProblems(check)
    ) {
      return invalidBody(check.details)
    }
    const source: Source = {
      id: mint.ksuid("source"),
      call,
      createdAt: now,
      updatedAt: now,
      sourceType,
      sourceDefinitionName,
      config,
      ...common,
      ...(externalId !== undefined && { externalId }),
    }
    sources.set(source.id, source)
    return json(Number(currentSwitches().createStatus), bodyOf(source))
  }

  const updateSource = (source: Source, request: IncomingRequest, now: number): Reply => {
    const body = parseObject(request.body)
    if (body === undefined) return fail(400, "Bad Request")
    const check = checkBody(body)
    check.allowOnly(changeableFields)
    const common = readCommonFields(body, check)
    const config = readConfig(check, source.sourceType, source.sourceDefinitionName)
    if (common === undefined || config === undefined || hasProblems(check)) return invalidBody(check.details)
    Object.assign(source, common, { config, updatedAt: now })
    return json(200, bodyOf(source))
  }

  const removeSource = (source: Source): Reply => {
    const isUsed = [...world.syncs.values()].some((sync) => sync.parts["source"] === source.id)
    if (isUsed) return fail(400, "source is connected to some destinations")
    sources.delete(source.id)
    return empty(204)
  }

  const setExternalId = (source: Source, request: IncomingRequest, now: number): Reply => {
    const check = checkBody(parseObject(request.body) ?? {})
    const externalId = check.text("externalId")
    if (externalId === undefined) return invalidBody(check.details)
    source.externalId = externalId
    source.updatedAt = now
    return json(200, { externalId })
  }

  /** A route that changes one source. */
  const changeRoute = (id: string, change: (source: Source, context: RequestContext) => Reply): Route => ({
    operation: "changePart",
    handle: (context) => {
      const source = sources.get(id)
      return closedRefusal() ?? (source === undefined ? sourceNotFound() : change(source, context))
    },
  })

  return {
    list: ({ query }) => ({
      operation: "parts",
      handle: ({ asOf }) => {
        const listedSources = [...sources.values()].filter(
          (source) =>
            isVisible(source, asOf) &&
            (query.get("sourceType") ?? source.sourceType) === source.sourceType &&
            isInExternalIdFilter(query, source.externalId),
        )
        return closedRefusal() ?? json(200, { data: listedSources.map(listEntryOf) })
      },
    }),
    create: (request) => ({
      operation: "changePart",
      handle: (context) => closedRefusal() ?? createSource(request, context),
    }),
    get: (id) => ({
      operation: "parts",
      handle: ({ asOf }) => {
        const source = sources.get(id)
        return (
          closedRefusal() ??
          (source !== undefined && isVisible(source, asOf) ? json(200, bodyOf(source)) : sourceNotFound())
        )
      },
    }),
    update: (id, request) => changeRoute(id, (source, { now }) => updateSource(source, request, now)),
    setExternalId: (id, request) => changeRoute(id, (source, { now }) => setExternalId(source, request, now)),
    remove: (id) => changeRoute(id, removeSource),
  }
}

const changeableFields = ["name", "config", "enabled", "accountId"]

/** Reads the fields that creates and updates both require, besides the config. */
const readCommonFields = (
  body: Body,
  check: BodyCheck,
): { readonly name: string; readonly accountId: string; readonly enabled: boolean } | undefined => {
  if (body["enabled"] === undefined) check.add("enabled", "Required")
  const [name, accountId, enabled] = [check.text("name"), check.text("accountId"), check.boolean("enabled")]
  return name === undefined || accountId === undefined || enabled === undefined
    ? undefined
    : { name, accountId, enabled }
}

/** Reads the config, which has exactly the fields of its kind of source. */
const readConfig = (
  check: BodyCheck,
  sourceType: string | undefined,
  definitionName: string | undefined,
): Body | undefined => {
  const config = check.object("config")
  if (config === undefined) {
    check.add("config", "Required")
    return undefined
  }
  if (sourceType === undefined) return undefined
  const configCheck = checkBody(config)
  const [required, optional] =
    sourceType === "model"
      ? [["primaryKey", "sql"], ["description"]]
      : definitionName === "s3"
        ? [["bucketName"], ["objectPrefix"]]
        : [["primaryKey", "schema", "table"], []]
  configCheck.allowOnly([...required, ...optional])
  for (const field of required) configCheck.text(field)
  for (const field of optional) {
    if (config[field] !== undefined && typeof config[field] !== "string") configCheck.add(field, "Expected string")
  }
  return addNested(check, "config", configCheck) ? undefined : config
}
