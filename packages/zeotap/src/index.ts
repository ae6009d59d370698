export * as Zeotap from "./Zeotap.ts"
export * as ZeotapApi from "./ZeotapApi.ts"
export * as ZeotapClient from "./ZeotapClient.ts"
export * as ZeotapFacts from "./ZeotapFacts.ts"
