import { deliver } from "./deliver.mjs"

console.log(await deliver(JSON.parse(process.env.SUPPORT)))
