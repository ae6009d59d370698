/** Models and destinations, which syncs are made of. The API only reads them; the controls add them. */
import * as Json from "@openretl/core/driver/Json"
import type { Ids } from "../../Ids.ts"
import type { IncomingRequest } from "../../kit/IncomingRequest.ts"
import { json } from "../../kit/Reply.ts"
import type { Route } from "../../kit/Route.ts"
import type { Account } from "./account.ts"
import { listReply } from "./pages.ts"

/** A model or a destination, as the vendor shows it. */
interface Part {
  readonly id: string
  readonly [field: string]: unknown
}

/** The models and destinations of one account, and the routes that read them. */
export interface Parts {
  readonly models: ReadonlyMap<string, Part>
  readonly destinations: ReadonlyMap<string, Part>
  /** Adds a model and a destination of that name and returns their ids; `ids` chooses them. */
  readonly add: (name: string, ids: Ids) => Ids
  readonly list: (kind: "models" | "destinations", request: IncomingRequest) => Route
  readonly get: (kind: "models" | "destinations", id: string) => Route
}

export const makeParts = (account: Account): Parts => {
  const { mint, owners, fail } = account
  const parts = { models: new Map<string, Part>(), destinations: new Map<string, Part>() }
  const commonFields = (name: string) => ({
    workspace_id: owners.workspace,
    name,
    status_error: "",
    created_by: owners.account,
    created_at: "2024-01-15T09:30:00Z",
    updated_at: "2024-01-15T09:30:00Z",
  })

  return {
    ...parts,
    add: (name, ids) => {
      const model = ids["model"] ?? mint.uuid("model")
      const destination = ids["destination"] ?? mint.uuid("destination")
      parts.models.set(model, {
        ...commonFields(name),
        ...modelFields,
        id: model,
        source_id: mint.uuid("source"),
      })
      parts.destinations.set(destination, { ...commonFields(name), ...destinationFields, id: destination })
      return { model, destination }
    },
    list: (kind, request) => ({
      operation: "parts",
      handle: () => {
        const partsOfKind = [...parts[kind].values()]
        return listReply(account, request, ({ offset, limit }) => ({
          total: partsOfKind.length,
          texts: partsOfKind.slice(offset, offset + limit).map((part) => Json.stringify(part) ?? ""),
        }))
      },
    }),
    get: (kind, id) => ({
      operation: "parts",
      handle: () => {
        const part = parts[kind].get(id)
        return part === undefined ? fail(404, `${kind.slice(0, -1)} not found`) : json(200, part)
      },
    }),
  }
}

/** As in the vendor's sample, where some absent values are empty texts and one is null. */
const modelFields = {
  description: "",
  sql_query: "SELECT customer_id, email, first_name, last_name FROM customers",
  columns: [
    { name: "customer_id", type: "VARCHAR", nullable: false },
    { name: "email", type: "VARCHAR", nullable: true },
    { name: "first_name", type: "VARCHAR", nullable: true },
    { name: "last_name", type: "VARCHAR", nullable: true },
  ],
  entity_type: "parent",
  primary_key_column: "customer_id",
  timestamp_column: "",
  column_config: [],
  model_type: "sql",
  source_schema: "",
  source_table: "",
  selected_columns: null,
  status: "active",
}

const destinationFields = {
  connection_id: null,
  destination_type: "salesforce",
  config: { instance_url: "https://example.salesforce.com", api_version: "58.0", object: "Contact" },
  status: "connected",
}
