export * as RudderStack from "./RudderStack.ts"
export * as RudderStackApi from "./RudderStackApi.ts"
export * as RudderStackClient from "./RudderStackClient.ts"
export * as RudderStackFacts from "./RudderStackFacts.ts"
