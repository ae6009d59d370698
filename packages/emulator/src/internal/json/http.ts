/** Parts of HTTP answers as the control API and the command read them. */
import * as Input from "@openretl/core/driver/Input"
import * as Schema from "effect/Schema"

/** The status of an answer. Those below 200 are no answers yet. */
export const Status = Input.wholeNumber(200, 599)

const isHeader = ([name, value]: readonly [string, string]) =>
  /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

/** Headers that can be sent. */
export const Headers = Schema.Record(Schema.String, Schema.String).check(
  Schema.makeFilter((headers: Readonly<Record<string, string>>) => Object.entries(headers).every(isHeader), {
    expected: "headers with names and values that HTTP allows",
  }),
)

/** An address that a request can be sent to. */
export const WebAddress = Schema.String.check(
  Schema.makeFilter((text: string) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), {
    expected: "an address that begins with http:// or https://",
  }),
)
