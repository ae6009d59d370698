import type { AdministrationHarness } from "@openretl/conformance/Harness"
import { cron, every } from "@openretl/core/Schedule"
import * as AcmeConfiguration from "./acmeConfiguration.ts"

/** The `administration` of Acme's harness. */
export const administration: AdministrationHarness = {
  workspace: (_, options) => AcmeConfiguration.workspace({ defaultScope: "incremental", ...options }),
  definition: AcmeConfiguration.definition,
  schedules: [every("1 hour"), cron("0 6 * * 1")],
}
