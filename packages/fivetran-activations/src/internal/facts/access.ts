/** Facts about the address, tokens, errors and rate limits. */
import type { Fact } from "@openretl/core/driver/Description"
import { migration, older, reference, terraform, terraformV2, thirdParty } from "./sources.ts"

const syncs = "GET /api/v2/syncs?per_page=1"

/** Returns the facts about access. */
export const access = (): ReadonlyArray<Fact> => [
  {
    id: "fivetran-activations/address",
    claim:
      "The second version of the API is at app.getcensus.com, and at app-eu.getcensus.com for accounts in the EU, under /api/v2. The first one retires on 2027-01-15.",
    confidence: "assumed",
    source: `${migration} has the version and the date; ${thirdParty} uses both addresses for V2; ${terraformV2} says that V2 has no regional ones`,
    consequence:
      "The adapter uses the second version alone; ids are the same in both. `region` chooses the address, and `baseUrl` replaces it.",
    probe: syncs,
  },
  {
    id: "fivetran-activations/error-form",
    claim: "A refusal has `status`, which is its number, and `message`.",
    confidence: "assumed",
    source: `${terraformV2} calls the forms inconsistent, and those of 404 and 409 undocumented; ${older} has \`error\` for the status`,
    consequence:
      "`message` and `error` are read. A refusal of a write without any of the three does not prove that the vendor did nothing, except for 401 and 429.",
    hasSwitch: true,
  },
  {
    id: "fivetran-activations/permission-denied-status",
    claim: "The vendor refuses a valid token without the permission with 403.",
    confidence: "assumed",
    source: "no source",
    consequence: "A 401 whose text names a permission is `PermissionDenied` too. Any other 401 is `Unauthenticated`.",
    hasSwitch: true,
  },
  {
    id: "fivetran-activations/retry-after",
    claim: "There is a rate limit, without a published number. A 429 may have `Retry-After`, in seconds or as a date.",
    confidence: "seen-in-official-client",
    source: `${terraform}, and ${terraformV2}`,
    consequence:
      "Core sends requests as they come, and waits after a 429. Both forms are read. Without one, core chooses the wait. The limits of Fivetran's other API do not count.",
    hasSwitch: true,
  },
  {
    id: "fivetran-activations/id-form",
    claim: "The ids of syncs and runs are numbers.",
    confidence: "documented",
    source: reference,
    consequence: "Numbers of any size and texts are read, as text.",
    hasSwitch: true,
    probe: syncs,
  },
]
