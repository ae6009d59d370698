/** The kinds of destination in the emulator's catalog. */
import type { Mint } from "../../kit/Mint.ts"

/** A kind of destination. */
export interface DestinationKind {
  /** What `metadata` shows. */
  readonly metadata: Readonly<Record<string, unknown>> & { readonly id: string }
  readonly actions: ReadonlyArray<{ readonly id: string; readonly slug: string }>
  /** Whether a source may have only one destination of this kind. */
  readonly isSingle: boolean
  /** The names of settings whose values are masked in answers. */
  readonly secretSettings: ReadonlySet<string>
  /** The names of settings that an update cannot change. */
  readonly readOnlySettings: ReadonlySet<string>
}

/** All kinds of destination. */
export interface Catalog {
  readonly kinds: ReadonlyArray<DestinationKind>
  /** The kind of destinations that are set up without the API. */
  readonly defaultKind: DestinationKind
}

export const makeCatalog = (mint: Mint): Catalog => {
  const defaultKind = makeKind({
    id: mint.short("metadata"),
    name: "Emulated CRM (Actions)",
    slug: "actions-emulated-crm",
    isSingle: false,
    actions: [
      { id: mint.short("action"), slug: "createUpdateObject", name: "Create or update an object" },
      { id: mint.short("action"), slug: "deleteObject", name: "Delete an object" },
    ],
  })
  const singleKind = makeKind({
    // Blueshift, as in the OpenAPI document of the Go SDK 32.0.5 (2022-11). That a source may have only one is assumed.
    id: "547610a5db31d978f14a5c4e",
    name: "Blueshift",
    slug: "blueshift",
    isSingle: true,
    actions: [],
  })
  return { kinds: [defaultKind, singleKind], defaultKind }
}

/** The settings of every kind: one is masked, and one is read-only. */
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

const makeKind = (fields: {
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly isSingle: boolean
  readonly actions: ReadonlyArray<{ readonly id: string; readonly slug: string; readonly name: string }>
}): DestinationKind => ({
  metadata: {
    id: fields.id,
    name: fields.name,
    description: `${fields.name}, emulated.`,
    slug: fields.slug,
    logos: { default: "https://example.com/logo.svg", mark: null, alt: null },
    options,
    status: "PUBLIC",
    previousNames: [fields.name],
    categories: ["CRM"],
    website: "https://example.com",
    components: [],
    supportedFeatures: {
      cloudModeInstances: fields.isSingle ? "1" : "MULTIPLE",
      deviceModeInstances: "0",
      replay: false,
      browserUnbundling: false,
      browserUnbundlingPublic: false,
    },
    supportedMethods: { track: true, pageview: false, identify: true, group: false, alias: false },
    supportedPlatforms: { browser: false, mobile: false, server: true },
    actions: fields.actions.map((action) => ({
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
  actions: fields.actions,
  isSingle: fields.isSingle,
  secretSettings: new Set(["apiKey"]),
  readOnlySettings: new Set(["region"]),
})
