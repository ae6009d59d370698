/** The kinds of destination that the emulator's catalog has. */
import type { Mint } from "../world/random.ts"

export interface Kind {
  /** As `metadata` shows it. */
  readonly metadata: Readonly<Record<string, unknown>> & { readonly id: string }
  readonly actions: ReadonlyArray<{ readonly id: string; readonly slug: string }>
  /** A source may have only one of it. */
  readonly single: boolean
  /** Settings whose values are shown masked. */
  readonly secret: ReadonlySet<string>
  /** Settings that an update cannot change. */
  readonly readOnly: ReadonlySet<string>
}

export interface Catalog {
  readonly kinds: ReadonlyArray<Kind>
  /** What parts that nobody configured are of. */
  readonly usual: Kind
}

export const makeCatalog = (mint: Mint): Catalog => {
  const usual = kind({
    id: mint.short("metadata"),
    name: "Emulated CRM (Actions)",
    slug: "actions-emulated-crm",
    single: false,
    actions: [
      { id: mint.short("action"), slug: "createUpdateObject", name: "Create or update an object" },
      { id: mint.short("action"), slug: "deleteObject", name: "Delete an object" },
    ],
  })
  const single = kind({
    // Blueshift, as the OpenAPI document of the Go SDK 32.0.5 (2022-11) has it; that there is only one is the emulator's.
    id: "547610a5db31d978f14a5c4e",
    name: "Blueshift",
    slug: "blueshift",
    single: true,
    actions: [],
  })
  return { kinds: [usual, single], usual }
}

/** What is asked of a setting that masks it, and one that an update leaves alone. */
const options = [
  { name: "apiKey", type: "password", required: true, label: "API Key", description: "The key of the account." },
  {
    name: "retarget",
    type: "boolean",
    required: false,
    label: "Retarget",
    description: "Whether to.",
    defaultValue: false,
  },
  { name: "region", type: "string", required: false, label: "Region", description: "Where it is; read-only." },
]

const kind = (made: {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly single: boolean
  readonly actions: ReadonlyArray<{ readonly id: string; readonly slug: string; readonly name: string }>
}): Kind => ({
  metadata: {
    id: made.id,
    name: made.name,
    description: `${made.name}, emulated.`,
    slug: made.slug,
    logos: { default: "https://example.com/logo.svg", mark: null, alt: null },
    options,
    status: "PUBLIC",
    previousNames: [made.name],
    categories: ["CRM"],
    website: "https://example.com",
    components: [],
    supportedFeatures: {
      cloudModeInstances: made.single ? "1" : "MULTIPLE",
      deviceModeInstances: "0",
      replay: false,
      browserUnbundling: false,
      browserUnbundlingPublic: false,
    },
    supportedMethods: { track: true, pageview: false, identify: true, group: false, alias: false },
    supportedPlatforms: { browser: false, mobile: false, server: true },
    actions: made.actions.map((action) => ({
      ...action,
      description: `${action.name}.`,
      platform: "CLOUD",
      hidden: false,
      defaultTrigger: null,
      fields: [
        {
          id: `${action.id}-1`,
          sortOrder: 0,
          fieldKey: "object_type",
          label: "Object",
          type: "STRING",
          description: "What kind of object.",
          required: true,
          multiple: false,
          dynamic: false,
          allowNull: false,
        },
      ],
    })),
    presets: [],
    contacts: [],
    partnerOwned: false,
    supportedRegions: ["us-west-2", "eu-west-1"],
    regionEndpoints: ["US"],
  },
  actions: made.actions,
  single: made.single,
  secret: new Set(["apiKey"]),
  readOnly: new Set(["region"]),
})
