/** Answers about models, destinations and subscriptions as their sources show them, each with where it comes from. */

/** The OpenAPI document of the Go SDK 32.0.5 (2022-11), `GET /destinations`; its metadata is cut short. */
export const destinations = {
  data: {
    destinations: [
      {
        id: "5GFhvtz8fha42Cm4B9E6L8",
        enabled: true,
        name: "",
        settings: { region: "us-west", roleAddress: "arn::...", secretId: "secrettt", stream: "bla" },
        metadata: { id: "57da359580412f644ff33fb9", name: "Amazon Kinesis", slug: "amazon-kinesis" },
        sourceId: "rh5BDZp6QDHvXFCkibm1pR",
      },
    ],
    pagination: { current: "MA==", next: "MQ==", totalEntries: 2 },
  },
}

/** The same document, `POST /destinations`. */
export const createDestination = {
  sourceId: "rh5BDZp6QDHvXFCkibm1pR",
  metadataId: "547610a5db31d978f14a5c4e",
  name: "my destination v1",
  settings: { apiKey: "XYZ", retarget: true },
}
export const createdDestination = {
  data: {
    destination: {
      id: "6307d789e53cc13be4ad0d06",
      enabled: true,
      name: "my destination v1",
      settings: { apiKey: "••••••••••", retarget: true },
      metadata: { id: "547610a5db31d978f14a5c4e", name: "Blueshift" },
      sourceId: "rh5BDZp6QDHvXFCkibm1pR",
    },
  },
}

/** The same document, `GET /destinations/{destinationId}/subscriptions`. */
export const subscriptions = {
  data: {
    subscriptions: [
      {
        id: "eoeXaMeAYcB2XvEApJDrQs",
        name: "Test Subscription",
        actionId: "uD9jEQ4DxJZzhzVqppM7UD",
        actionSlug: "Public API Slug",
        destinationId: "fP7qoQw2HTWt9WdMr718gn",
        trigger: 'type = "track"',
        enabled: true,
        settings: {},
      },
    ],
    pagination: { current: "MA==", totalEntries: 1 },
  },
}

/** The same document, `POST /destinations/{destinationId}/subscriptions`. */
export const createdSubscription = {
  data: {
    destinationSubscription: {
      id: "ccyWFBVjSkeVKsyc6YrN8U",
      name: "Example Subscription",
      actionId: "jiMz7MfHNeHmUckzRnUGkU",
      actionSlug: "someActionSlug",
      destinationId: "fP7qoQw2HTWt9WdMr718gn",
      trigger: 'type = "track"',
      enabled: false,
      settings: {},
    },
  },
}

/** The same document, `PATCH /destinations/{destinationId}/subscriptions/{id}`; its answer is cut short. */
export const updateSubscription = { input: { name: "Updated name" } }
export const updatedSubscription = { data: { subscription: { id: "jur9cutEarKFw7fD65TCkq", name: "Updated name" } } }

/** The same document, any `DELETE`. */
export const deleted = { data: { status: "SUCCESS" } }

/** The same document, `GET /destinations/{destinationId}/delivery-metrics`. */
export const deliveryMetrics = {
  data: {
    deliveryMetricsSummary: {
      sourceId: "rh5BDZp6QDHvXFCkibm1pR",
      destinationMetadataId: "54521fd725e721e32a72eebb",
      metrics: [
        {
          metricName: "successes",
          total: 120,
          breakdown: [
            { metricName: "successes_on_first_attempt", value: 60 },
            { metricName: "successes_after_retry", value: 60 },
          ],
        },
        { metricName: "expired", total: 0 },
        { metricName: "discarded", total: 0 },
        { metricName: "retried", total: 0 },
        {
          metricName: "time_to_success",
          total: 10,
          breakdown: [
            { metricName: "time_to_success_average", value: 0 },
            { metricName: "time_to_success_p95", value: 0 },
          ],
        },
        {
          metricName: "time_to_first_attempt",
          total: 10,
          breakdown: [
            { metricName: "time_to_first_attempt_average", value: 0 },
            { metricName: "time_to_first_attempt_p95", value: 0 },
          ],
        },
      ],
    },
  },
}

/**
 * terraform-provider-segment, issue 143 (2024-10): a real answer to a read of a subscription. The ids are blacked out
 * there, and the text ends within `settings`, which is closed here.
 */
export const realSubscription = {
  data: {
    subscription: {
      id: "*******",
      name: "Upsert Firms",
      actionId: "tLbwUgCeC2qVhPm8ia7adn",
      actionSlug: "createUpdateObject",
      destinationId: "********",
      modelId: "*******",
      enabled: true,
      trigger: 'event = "new"',
      settings: { id: { "@template": "{{properties.firm_id}}" } },
    },
  },
}

/** The tests of terraform-provider-segment 1.6.0 (2025-10), which are written by hand. */
export const terraformModel = {
  data: {
    reverseEtlModel: {
      id: "my-reverse-etl-model-id",
      sourceId: "my-source-id",
      name: "My reverse etl model name",
      description: "My reverse etl model description",
      enabled: true,
      query: "SELECT hi FROM greetings",
      queryIdentifierColumn: "hi",
    },
  },
}
export const terraformMapping = {
  data: {
    subscription: {
      id: "my-subscription-id",
      name: "My subscription name",
      actionId: "my-action-id",
      actionSlug: "my-action-slug",
      destinationId: "my-destination-id",
      modelId: "my-model-id",
      reverseETLSchedule: { config: { interval: "1d" }, strategy: "PERIODIC" },
      enabled: true,
      trigger: 'type = "track"',
      settings: {},
    },
  },
}
const { reverseETLSchedule: _, ...withoutSchedule } = terraformMapping.data.subscription
export const terraformSubscription = { data: { subscription: { ...withoutSchedule, modelId: "" } } }

/** The official SDKs 73.2.0 (2026-08), examples of requests. */
export const createModel = {
  sourceId: "qQEHquLrjRDN9j1ByrChyn",
  name: "Model 1",
  description: "This model is very useful.",
  enabled: true,
  query: "SELECT 'user_1' AS id",
  queryIdentifierColumn: "id",
}
export const updateModel = { name: "My Updated Model", query: "SELECT 'user_2' AS id" }
export const createManualSync = { sourceId: "sourceId", modelId: "modelId", subscriptionId: "subscriptionId" }
export const cancelSync = { reasonForCanceling: 0 } as const

/** Segment Public API docs, Error Handling page (read 2026-11), with 422. */
export const invalid = { errors: [{ type: "input-validation", message: '"id" is required', field: "id" }] }
