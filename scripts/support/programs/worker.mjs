import { deliver } from "./deliver.mjs"

export default {
  fetch: async (_request, env) => new Response(await deliver(JSON.parse(env.SUPPORT))),
}
