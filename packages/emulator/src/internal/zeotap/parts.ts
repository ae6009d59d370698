/** Models and destinations: what syncs are made of. They are read here, and made from outside. */
import type { Ids } from "../../Emulator.ts"
import type { Route } from "../engine/dialect.ts"
import type { Incoming } from "../http/incomingRequest.ts"
import { json } from "../http/reply.ts"
import type { Account } from "./account.ts"

/** As the vendor shows it. */
interface Part {
  readonly id: string
  readonly [field: string]: unknown
}

export interface Parts {
  readonly models: ReadonlyMap<string, Part>
  readonly destinations: ReadonlyMap<string, Part>
  /** A model and a destination of that name. */
  readonly add: (name: string, chosen: Ids) => Ids
  readonly list: (kind: "models" | "destinations", incoming: Incoming) => Route
  readonly get: (kind: "models" | "destinations", id: string) => Route
}

export const makeParts = ({ mint, names, fail, listed }: Account): Parts => {
  const parts = { models: new Map<string, Part>(), destinations: new Map<string, Part>() }
  const common = (name: string) => ({
    workspace_id: names.workspace,
    name,
    status_error: "",
    created_by: names.account,
    created_at: "2024-01-15T09:30:00Z",
    updated_at: "2024-01-15T09:30:00Z",
  })

  return {
    ...parts,
    add: (name, chosen) => {
      const model = chosen["model"] ?? mint.uuid("model")
      const destination = chosen["destination"] ?? mint.uuid("destination")
      parts.models.set(model, {
        ...common(name),
        ...modelFields,
        id: model,
        source_id: mint.uuid("source"),
      })
      parts.destinations.set(destination, { ...common(name), ...destinationFields, id: destination })
      return { model, destination }
    },
    list: (kind, incoming) => ({
      operation: "parts",
      handle: () => {
        const all = [...parts[kind].values()]
        return listed(incoming, (_, offset, limit) => ({
          total: all.length,
          rows: all.slice(offset, offset + limit).map((part) => JSON.stringify(part)),
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

/** As in the vendor's sample: nothing is an empty text here, and null there. */
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
