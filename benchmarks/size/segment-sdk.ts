import { ReverseETLApi } from "@segment/public-api-sdk-typescript"

const api = new ReverseETLApi("https://api.segmentapis.com")
api.accessToken = "token"

const started = await api.createReverseETLManualSync({ sourceId: "s1", modelId: "m1", subscriptionId: "sub1" })
await api.getReverseETLSyncFromModel("m1", started.body.data?.reverseETLManualSync.syncId ?? "")
