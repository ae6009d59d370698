/** How the shared suite configures RudderStack. */
import type { AdministrationHarness } from "@openretl/conformance/Harness"
import * as Schedule from "@openretl/core/Schedule"
import * as RudderStackAdmin from "../src/RudderStackAdmin.ts"

export const administration: AdministrationHarness = {
  // The suite also tries a scope that RudderStack does not have.
  workspace: (_, options) =>
    RudderStackAdmin.workspace(Object.assign({ region: "us", defaultScope: "incremental" } as const, options)),
  // Connections have no names.
  definition: ({ source = "", destination = "" }, { name: _, ...fields }) =>
    RudderStackAdmin.definition({
      sourceId: source,
      destinationId: destination,
      identifiers: [{ from: "email", to: "user_id" }],
      mappings: [{ from: "name", to: "first_name" }],
      event: { type: "identify" },
      ...fields,
    }),
  schedules: [Schedule.every("1 hour"), Schedule.every("5 minutes"), Schedule.cron("0 6 * * 1-5")],
}
