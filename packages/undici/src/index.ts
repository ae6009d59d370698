export * as UndiciTransport from "./UndiciTransport.ts"
