import * as Segment from "@openretl/segment/Segment"

const ads = await Segment.open({
  name: "ads",
  region: "us",
  token: process.env["SEGMENT_TOKEN"] ?? "",
})

try {
  const audience = ads.syncRef({
    source: "qQEHquLrjRDN9j1ByrChyn",
    model: "fP7qoQw2HTWt9WdMr718gn",
    subscription: "eoeXaMeAYcB2XvEApJDrQs",
  })
  const { run } = await ads.run(audience, { whenRunning: "wait" })
  console.log(`${run.rows.succeeded} rows delivered by run ${run.ref}`)
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await ads.close()
}
