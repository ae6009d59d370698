/**
 * Lists every endpoint of the clients: its function, its source, and the tests that call it against the emulator. The title
 * of such a test begins with the endpoint, as in `GET /reverse-etl-models: ...`.
 */
import type { RudderStackClient } from "@openretl/rudderstack/RudderStackClient"
import type { SegmentClient } from "@openretl/segment/SegmentClient"
import type { ZeotapClient } from "@openretl/zeotap/ZeotapClient"
import { files, read } from "../scripts/workspace.ts"

/** `documented`: the vendor documents it. `seen`: only the vendor's own clients call it. */
type Source = "documented" | "seen"

type Row<Client> = readonly [endpoint: string, name: keyof Client & string, source: Source]

/** The functions of a client that no row names, without its streams: each of those reads the pages of a list. */
type Unnamed<Client, Rows extends ReadonlyArray<Row<Client>>> = Exclude<
  keyof Client,
  Rows[number][1] | "http" | `stream${string}`
>

/** Returns the rows. Does not compile when a function of the client is in no row. */
const allOf =
  <Client>() =>
  <const Rows extends ReadonlyArray<Row<Client>>>(rows: [Unnamed<Client, Rows>] extends [never] ? Rows : never) =>
    rows

const segment = allOf<SegmentClient>()([
  ["GET /", "getWorkspace", "documented"],
  ["GET /reverse-etl-models", "listModels", "documented"],
  ["POST /reverse-etl-models", "createModel", "documented"],
  ["GET /reverse-etl-models/{modelId}", "getModel", "documented"],
  ["PATCH /reverse-etl-models/{modelId}", "updateModel", "documented"],
  ["DELETE /reverse-etl-models/{modelId}", "deleteModel", "documented"],
  ["POST /reverse-etl-syncs", "createManualSync", "documented"],
  ["GET /reverse-etl-models/{modelId}/syncs/{syncId}", "getSyncStatus", "documented"],
  ["GET /reverse-etl-models/{modelId}/subscriptionId/{subscriptionId}/syncs", "listSyncStatuses", "documented"],
  ["POST /reverse-etl-models/{modelId}/syncs/{syncId}/cancel", "cancelSync", "documented"],
  ["GET /destinations", "listDestinations", "documented"],
  ["POST /destinations", "createDestination", "documented"],
  ["GET /destinations/{destinationId}", "getDestination", "documented"],
  ["PATCH /destinations/{destinationId}", "updateDestination", "documented"],
  ["DELETE /destinations/{destinationId}", "deleteDestination", "documented"],
  ["GET /destinations/{destinationId}/subscriptions", "listSubscriptions", "documented"],
  ["POST /destinations/{destinationId}/subscriptions", "createSubscription", "documented"],
  ["GET /destinations/{destinationId}/subscriptions/{id}", "getSubscription", "documented"],
  ["PATCH /destinations/{destinationId}/subscriptions/{id}", "updateSubscription", "documented"],
  ["DELETE /destinations/{destinationId}/subscriptions/{id}", "deleteSubscription", "documented"],
  ["GET /destinations/{destinationId}/delivery-metrics", "getDeliveryMetrics", "documented"],
] as const)

const rudderstack = allOf<RudderStackClient>()([
  ["POST /v2/retl-connections/{connectionId}/start", "startSync", "documented"],
  ["GET /v2/retl-connections/{connectionId}/syncs", "listSyncs", "documented"],
  ["GET /v2/retl-connections/{connectionId}/syncs/{syncId}", "getSync", "documented"],
  ["POST /v2/retl-connections/{connectionId}/stop", "stopSync", "documented"],
  ["POST /v2/retl-connections", "createConnection", "seen"],
  ["GET /v2/retl-connections/{id}", "getConnection", "seen"],
  ["PUT /v2/retl-connections/{id}", "updateConnection", "seen"],
  ["DELETE /v2/retl-connections/{id}", "deleteConnection", "seen"],
  ["GET /v2/retl-connections", "listConnections", "seen"],
  ["PUT /v2/retl-connections/{id}/external-id", "setConnectionExternalId", "seen"],
  ["POST /v2/retl-sources", "createSource", "seen"],
  ["GET /v2/retl-sources", "listSources", "seen"],
  ["GET /v2/retl-sources/{id}", "getSource", "seen"],
  ["PUT /v2/retl-sources/{id}", "updateSource", "seen"],
  ["DELETE /v2/retl-sources/{id}", "deleteSource", "seen"],
  ["PUT /v2/retl-sources/{id}/external-id", "setSourceExternalId", "seen"],
  ["POST /v2/retl-sources/preview", "submitPreview", "seen"],
  ["GET /v2/retl-sources/preview/{id}", "getPreview", "seen"],
] as const)

const zeotap = allOf<ZeotapClient>()([
  ["GET /", "getWorkspace", "documented"],
  ["GET /syncs", "listSyncs", "documented"],
  ["POST /syncs", "createSync", "documented"],
  ["GET /syncs/{syncId}", "getSync", "documented"],
  ["PUT /syncs/{syncId}", "updateSync", "documented"],
  ["DELETE /syncs/{syncId}", "deleteSync", "documented"],
  ["POST /syncs/{syncId}/trigger", "triggerSync", "documented"],
  ["GET /syncs/{syncId}/runs", "listRuns", "documented"],
  ["GET /syncs/{syncId}/runs/{runId}", "getRun", "documented"],
  ["GET /models", "listModels", "documented"],
  ["GET /models/{modelId}", "getModel", "documented"],
  ["GET /destinations", "listDestinations", "documented"],
  ["GET /destinations/{destId}", "getDestination", "documented"],
  ["GET /insights/sync-health", "getSyncHealth", "documented"],
] as const)

/** The endpoints of each vendor. */
export const vendors = [
  { folder: "segment", title: "Segment", rows: segment, note: "The Public API: Reverse ETL and Destinations." },
  {
    folder: "rudderstack",
    title: "RudderStack",
    rows: rudderstack,
    note: "`seen` endpoints are not on the vendor's public page.",
  },
  {
    folder: "zeotap",
    title: "Zeotap",
    rows: zeotap,
    note: "Paths are relative to `/api/v1/workspaces/{workspaceId}`.",
  },
] as const

/** Matches a test whose title begins with an endpoint, also one of `it.each`, with its body up to the next test. */
const test = /\(\s*["'`]((?:GET|POST|PUT|PATCH|DELETE) \/[^\s:]*): ((?:(?!\n {0,2}(?:it|test|describe)\b)[\s\S])*)/g

interface Test {
  readonly path: string
  readonly body: string
}

/** Returns a vendor's tests, by the endpoint at the beginning of their titles. */
const testsOf = (folder: string): ReadonlyMap<string, ReadonlyArray<Test>> =>
  Map.groupBy(
    files(`packages/${folder}/test/*.test.ts`).flatMap((path) =>
      [...read(path).matchAll(test)].map(([, endpoint = "", body = ""]) => ({ endpoint, path, body })),
    ),
    ({ endpoint }) => endpoint,
  )

export interface EndpointsPage {
  readonly text: string
  /** One for each row without a test, and for each test whose endpoint is in no row. */
  readonly problems: ReadonlyArray<string>
}

/** Returns the page `docs/endpoints.md`. */
export const endpointsPage = (): EndpointsPage => {
  const problems: Array<string> = []
  const sections = vendors.map(({ folder, title, rows, note }) => {
    const tests = testsOf(folder)
    const listed = new Set<string>(rows.map(([endpoint]) => endpoint))
    for (const endpoint of tests.keys()) {
      if (!listed.has(endpoint)) problems.push(`${folder}: a test names ${endpoint}, which is in no row`)
    }
    const lines = rows.map(([endpoint, name, source]) => {
      // The title is not enough: the body of the test must call the function.
      const callers = (tests.get(endpoint) ?? []).filter(({ body }) => new RegExp(`\\b${name}\\b`).test(body))
      if (callers.length === 0) problems.push(`${folder}: no test that begins with "${endpoint}: " calls ${name}`)
      const paths = Array.from(new Set(callers.map(({ path }) => path)))
      const links = paths.map((path) => `[${path.replace(/.*\//, "")}](../${path})`).join(", ")
      return `| \`${endpoint}\` | \`${name}\` | ${source} | ${links} |`
    })
    return [
      `## ${title}`,
      "",
      note,
      "",
      "| Endpoint | Function | Source | Tests |",
      "| --- | --- | --- | --- |",
      ...lines,
    ]
  })
  const head = [
    "# Endpoints",
    "",
    "Every endpoint that our typed clients call. `npm run docs` prints this page from the code; do not edit it.",
    "`documented`: the vendor documents the endpoint. `seen`: only the vendor's own clients call it. Each list is also a lazy",
    "stream: `streamModels` reads the pages of `listModels`. The tests run against the emulator; the check fails for an",
    "endpoint without a test.",
    "",
  ]
  return { text: `${[...head, ...sections.flatMap((section) => [...section, ""])].join("\n").trimEnd()}\n`, problems }
}
