#!/usr/bin/env node
/** Starts the program `openretl`, with Node's cache of compiled code: it is on before the rest is loaded. */
import { enableCompileCache } from "node:module"
import process from "node:process"
import * as Compiled from "./internal/terminal/compiled.ts"

// An older Node loads this file in the bundle, and would fail in the next with a stack.
if (typeof enableCompileCache !== "function") {
  process.stderr.write(`openretl needs Node 22.19 or newer: this is Node ${process.version}\n`)
  process.exit(2)
}
enableCompileCache()
await Compiled.load(() => import("./main.ts"))
