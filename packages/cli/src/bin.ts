#!/usr/bin/env node
/** Starts the program `openretl`, with Node's cache of compiled code: it is on before the rest is loaded. */
import { enableCompileCache } from "node:module"

enableCompileCache()
await import("./main.ts")
