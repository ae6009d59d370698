export * as Configuration from "./Configuration.ts"
export * as ExitCode from "./ExitCode.ts"
