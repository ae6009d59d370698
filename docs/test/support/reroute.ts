/** Loaded before a program of the docs in a process of its own: leads its requests to emulators that are served on loopback. */
const origins: Readonly<Record<string, string>> = JSON.parse(process.env["OPENRETL_ORIGINS"] ?? "{}")

const { fetch } = globalThis

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const { origin } = new URL(request.url)
  const served = origins[origin]
  if (served === undefined) throw new TypeError(`no emulator is served for ${origin}`)
  const { method, headers, signal } = request
  const body = await request.text()
  return fetch(request.url.replace(origin, served), { method, headers, signal, ...(body !== "" && { body }) })
}
