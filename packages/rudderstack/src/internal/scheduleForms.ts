/** The schedules that a connection can have, as data. */
import type { ScheduleForms } from "@openretl/core/ScheduleForms"

/** The schedules that a connection can have. It names no time zone: the vendor reads expressions in UTC. */
export const forms: ScheduleForms = {
  vendor: "RudderStack",
  every: {
    shortest: "5 minutes",
    step: "1 minute",
    source: "RudderStack's schedule settings page and Terraform provider",
  },
  cron: {
    shortest: "5 minutes",
    timeZone: { assumed: "UTC" },
    source: "RudderStack's schedule settings page and own client",
  },
}
