/** RudderStack's routes of sources and previews. Not on the vendor's public page. */
import type { Moment, Route } from "../engine/dialect.ts"
import { type Incoming, parseObject } from "../http/incomingRequest.ts"
import { empty, json, type Reply } from "../http/reply.ts"
import { type Account, isShown, type Source } from "./account.ts"
import { type Body, type Findings, look } from "./body.ts"
import { previews } from "./previews.ts"
import { hasAsAsked } from "./syncs.ts"
import * as Wire from "./wire.ts"

/** A source that was set up without the API. */
export const usual = (account: Account, id: string, name: string): Source => ({
  id,
  name,
  config: { primaryKey: "id", sql: "SELECT * FROM users" },
  enabled: true,
  sourceType: "model",
  sourceDefinitionName: "postgres",
  accountId: account.mint.ksuid("account"),
})

export const routes = (account: Account) => {
  const { sources, world, mint, settings, fail, invalid, closed } = account
  const preview = previews(account)

  const shown = (source: Source): Body => {
    const { call: _, createdAt, updatedAt, ...rest } = source
    return {
      ...rest,
      ...(createdAt !== undefined && { createdAt: Wire.timestamp(settings(), createdAt) }),
      ...(updatedAt !== undefined && { updatedAt: Wire.timestamp(settings(), updatedAt) }),
    }
  }

  const listed = (source: Source): Body => {
    const { config, ...rest } = shown(source)
    return settings().sourceListConfig === "present" ? { ...rest, config } : rest
  }

  const list = (incoming: Incoming): Route => ({
    operation: "parts",
    handle: ({ view }) => {
      const { query } = incoming
      const found = [...sources.values()].filter(
        (source) =>
          isShown(source, view) &&
          (query.get("sourceType") ?? source.sourceType) === source.sourceType &&
          hasAsAsked(query, source.externalId),
      )
      return closed() ?? json(200, { data: found.map(listed) })
    },
  })

  const create = (incoming: Incoming, { now, call }: Moment): Reply => {
    const body = parseObject(incoming.body)
    if (body === undefined) return fail(400, "Bad Request")
    const findings = look(body)
    findings.only([...changeable, "sourceType", "sourceDefinitionName", "externalId"])
    const base = common(body, findings)
    if (body["sourceType"] === undefined) findings.add("sourceType", "Required")
    const word = findings.oneOf("sourceType", ["model", "table"])
    const sourceType = word === "model" || word === "table" ? word : undefined
    const sourceDefinitionName = findings.text("sourceDefinitionName")
    // The vendor's own client sends an empty one where there is none.
    const externalId = body["externalId"] === "" ? undefined : findings.text("externalId", { optional: true })
    const config = configOf(findings, sourceType, sourceDefinitionName)
    if (
      base === undefined ||
      sourceType === undefined ||
      sourceDefinitionName === undefined ||
      config === undefined ||
      Object.keys(findings.details).length > 0
    ) {
      return invalid(findings.details)
    }
    const source: Source = {
      id: mint.ksuid("source"),
      call,
      createdAt: now,
      updatedAt: now,
      sourceType,
      sourceDefinitionName,
      config,
      ...base,
      ...(externalId !== undefined && { externalId }),
    }
    sources.set(source.id, source)
    return json(Number(settings().createStatus), shown(source))
  }

  const update = (source: Source, incoming: Incoming, now: number): Reply => {
    const body = parseObject(incoming.body)
    if (body === undefined) return fail(400, "Bad Request")
    const findings = look(body)
    findings.only(changeable)
    const base = common(body, findings)
    const config = configOf(findings, source.sourceType, source.sourceDefinitionName)
    if (base === undefined || config === undefined || Object.keys(findings.details).length > 0) {
      return invalid(findings.details)
    }
    Object.assign(source, base, { config, updatedAt: now })
    return json(200, shown(source))
  }

  const remove = (source: Source): Reply => {
    const used = [...world.syncs.values()].some((sync) => sync.parts["source"] === source.id)
    if (used) return fail(400, "source is connected to some destinations")
    sources.delete(source.id)
    return empty(204)
  }

  const setExternalId = (source: Source, incoming: Incoming, now: number): Reply => {
    const findings = look(parseObject(incoming.body) ?? {})
    const externalId = findings.text("externalId")
    if (externalId === undefined) return invalid(findings.details)
    source.externalId = externalId
    source.updatedAt = now
    return json(200, { externalId })
  }

  /** A write about one source. */
  const write = (id: string, carryOut: (source: Source, moment: Moment) => Reply): Route => ({
    operation: "changePart",
    handle: (moment) => {
      const source = sources.get(id)
      return closed() ?? (source === undefined ? fail(404, "source not found") : carryOut(source, moment))
    },
  })

  const read = (id: string): Route => ({
    operation: "parts",
    handle: ({ view }) => {
      const source = sources.get(id)
      const known = source !== undefined && isShown(source, view)
      return closed() ?? (known ? json(200, shown(source)) : fail(404, "source not found"))
    },
  })

  return (incoming: Incoming): Route | undefined => {
    const [, , id = "", verb = ""] = incoming.segments
    if (id === "preview") return preview(incoming, verb)
    switch (`${incoming.method} ${incoming.segments.length}`) {
      case "GET 2":
        return list(incoming)
      case "POST 2":
        return { operation: "changePart", handle: (moment) => closed() ?? create(incoming, moment) }
      case "GET 3":
        return read(id)
      case "PUT 3":
        return write(id, (source, { now }) => update(source, incoming, now))
      case "DELETE 3":
        return write(id, remove)
      case "PUT 4":
        return verb === "external-id" ? write(id, (source, { now }) => setExternalId(source, incoming, now)) : undefined
      default:
        return undefined
    }
  }
}

const changeable = ["name", "config", "enabled", "accountId"]

/** What both a new source and a change to one hold. */
const common = (
  body: Body,
  findings: Findings,
): { readonly name: string; readonly accountId: string; readonly enabled: boolean } | undefined => {
  if (body["enabled"] === undefined) findings.add("enabled", "Required")
  const [name, accountId, enabled] = [findings.text("name"), findings.text("accountId"), findings.flag("enabled")]
  return name === undefined || accountId === undefined || enabled === undefined
    ? undefined
    : { name, accountId, enabled }
}

/** The config that a source of this type has, exactly. */
const configOf = (findings: Findings, sourceType: string | undefined, kind: string | undefined): Body | undefined => {
  const config = findings.object("config")
  if (config === undefined) {
    findings.add("config", "Required")
    return undefined
  }
  if (sourceType === undefined) return undefined
  const own = look(config)
  const [needed, optional] =
    sourceType === "model"
      ? [["primaryKey", "sql"], ["description"]]
      : kind === "s3"
        ? [["bucketName"], ["objectPrefix"]]
        : [["primaryKey", "schema", "table"], []]
  own.only([...needed, ...optional])
  for (const field of needed) own.text(field)
  for (const field of optional) {
    if (config[field] !== undefined && typeof config[field] !== "string") own.add(field, "Expected string")
  }
  const wrong = Object.entries(own.details)
  for (const [field, message] of wrong) findings.add(`config.${field}`, message)
  return wrong.length === 0 ? config : undefined
}
