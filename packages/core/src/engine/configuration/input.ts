/** Decodes the definitions and changes that callers pass, with every problem at once. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { AdministrationPart, NewSync, Portable, SyncChange } from "../../driver/Administration.ts"
import * as Mask from "../../driver/Mask.ts"
import * as Redaction from "../../http/redaction.ts"
import { type Definition, VendorPart } from "../../model/Change.ts"
import * as FieldIssue from "../../model/FieldIssue.ts"
import * as Input from "../../model/Input.ts"
import * as PlainJson from "../../model/PlainJson.ts"
import * as Schedule from "../../model/schedule/Schedule.ts"
import type { ScheduleForms } from "../../model/schedule/ScheduleForms.ts"
import * as Shape from "../../model/schedule/shape.ts"

type Issues = ReadonlyArray<FieldIssue.FieldIssue>

/** The valid fields of a caller's input, and the issues of the invalid fields. */
interface Fields extends Portable {
  readonly part?: VendorPart
  readonly issues: Issues
}

/** The schedules and the names that a vendor's syncs can have. */
type Forms = Pick<AdministrationPart<never, never, never, never>, "schedules" | "names">

/** Returns whether core has cut a secret out of a text, as it does with what it shows. */
const isCut = (text: string): boolean => text.includes(Redaction.replacement)

const Name = /* @__PURE__ */ Schema.String.check(
  Schema.makeFilter((name: string) => name.trim() !== "", { expected: "a name that is not blank" }),
  Schema.makeFilter((name: string) => name.isWellFormed(), { expected: "a name without half of a character" }),
  Schema.makeFilter((name: string) => !isCut(name), { expected: "the name itself: something was cut out of this one" }),
)

const decodeName = /* @__PURE__ */ Input.decoder(Name)
const decodeEnabled = /* @__PURE__ */ Input.decoder(Schema.Boolean)
const decodePart = /* @__PURE__ */ Input.decoder(VendorPart)

const decodeSchedule = (forms: ScheduleForms) => (value: unknown) => {
  const decoded = Shape.decode(value)
  if (Result.isFailure(decoded)) return decoded
  const issues = Schedule.problems(decoded.success, forms)
  return issues.length === 0 ? decoded : Result.fail(issues)
}

/** Returns the decoder of a name, which rejects every name for a vendor whose syncs have none. */
const decodeNameOf = ({ schedules: { vendor }, names }: Forms) =>
  names === "none"
    ? () => Result.fail([{ path: [], message: `Expected no name: ${vendor}'s syncs have none` }])
    : decodeName

/** Returns the issue of a new sync that has no name, for a vendor whose syncs need one. */
const missingNameIssues = ({ name, issues }: Fields, { schedules: { vendor }, names }: Forms): Issues =>
  names !== "required" || name !== undefined || issues.some(({ path }) => path.length === 0 || path[0] === "name")
    ? []
    : [{ path: ["name"], message: `Expected a name: every sync of ${vendor} has one` }]

/** Returns the decoder of a vendor's part, which rejects the part of another vendor before its spec is decoded. */
const decodePartOf = (vendor: string) => (value: unknown) => {
  const part = decodePart(value)
  if (Result.isFailure(part) || part.success.vendor === vendor) return part
  const message = `Expected a part made for ${vendor}, found one for ${part.success.vendor}`
  return Result.fail([{ path: ["vendor"], message }])
}

/** A decoded spec, and the part that has it as the caller passed it: a copy, which nothing can change any more. */
interface DecodedPart<A> {
  readonly spec: A
  readonly part: VendorPart
}

/**
 * Decodes the spec of a part: plain JSON without masks that fits the schema. Reads it once, so that what was checked is what
 * is sent. Fails with everything that is wrong.
 */
const decodeSpec = <A>(
  schema: Schema.ConstraintDecoder<A>,
  part: VendorPart,
): Result.Result<DecodedPart<A>, Issues> => {
  const literal = new Set(part.literal)
  const { json, issues, isWhole } = PlainJson.read(part.spec, (text) =>
    (Mask.isMask(text) || isCut(text)) && !literal.has(text) ? mask : undefined,
  )
  const spec = isWhole ? Input.decoder(schema)(json) : Result.fail([])
  if (Result.isSuccess(spec) && issues.length === 0) {
    return Result.succeed({ spec: spec.success, part: { ...part, spec: json } })
  }
  // What the schema says about a place that is no JSON is about the null in the copy.
  const broken = new Set(issues.map(({ path }) => JSON.stringify(path)))
  const others = Result.isSuccess(spec) ? [] : spec.failure.filter(({ path }) => !hasIssue(broken, path))
  return Result.fail(FieldIssue.within(specPath, [...issues, ...others]))
}

/** Returns whether a path, or what contains it, is among these paths. */
const hasIssue = (paths: ReadonlySet<string>, path: ReadonlyArray<string>): boolean =>
  paths.has("[]") || path.some((_, index) => paths.has(JSON.stringify(path.slice(0, index + 1))))

const mask =
  "Expected the value itself, found a mask: sent, it would replace the secret. List it in `literal` where it is meant"

const decodeFields = (input: unknown, vendor: string, forms: Forms): Fields => {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return { issues: [{ path: [], message: "Expected an object" }] }
  }
  const decoders: Readonly<Record<string, (value: unknown) => Result.Result<unknown, Issues>>> = {
    name: decodeNameOf(forms),
    enabled: decodeEnabled,
    schedule: decodeSchedule(forms.schedules),
    part: decodePartOf(vendor),
  }
  const fields: Record<string, unknown> = {}
  const issues: Array<FieldIssue.FieldIssue> = []
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue
    const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined
    const decoded = decode === undefined ? Result.fail(excess) : decode(value)
    if (Result.isSuccess(decoded)) fields[name] = decoded.success
    else issues.push(...FieldIssue.within([name], decoded.failure))
  }
  return { ...fields, issues: issues.slice(0, Input.maxIssues) }
}

const excess: Issues = [{ path: [], message: "Expected no field of this name" }]

/** As `decodeFields`, also for values whose getters throw. */
const tryFields = (input: unknown, vendor: string, forms: Forms): Fields => {
  try {
    return decodeFields(input, vendor, forms)
  } catch {
    return { issues: [{ path: [], message: "Expected a value that can be read" }] }
  }
}

const specPath = ["part", "spec"]

/** A decoded definition, and the definition itself without its absent fields, as errors carry it. */
export interface DecodedDefinition<Spec> {
  readonly sync: NewSync<Spec>
  readonly definition: Definition
}

/** Decodes a definition for a vendor. Fails with everything that is wrong. */
export const newSync = <Ids, Native, Spec, ChangedSpec>(
  input: unknown,
  vendor: string,
  {
    schedules,
    names = "optional",
    spec: schema,
    newSyncIssues = () => [],
  }: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
): Result.Result<DecodedDefinition<Spec>, Issues> => {
  const fields = tryFields(input, vendor, { schedules, names })
  const { issues: fieldIssues, part, ...portable } = fields
  const issues = [...fieldIssues, ...missingNameIssues(fields, { schedules, names })]
  if (part === undefined) {
    const isMissing = !issues.some(({ path }) => path.length === 0 || path[0] === "part")
    return Result.fail(isMissing ? [...issues, missingPart] : issues)
  }
  const decoded = decodeSpec(schema, part)
  if (Result.isFailure(decoded)) return failure([...issues, ...decoded.failure])
  const sync = { ...portable, spec: decoded.success.spec }
  const all = [...issues, ...newSyncIssues(sync)]
  return all.length === 0
    ? Result.succeed({ sync, definition: { ...portable, part: decoded.success.part } })
    : failure(all)
}

const failure = (issues: Issues) => Result.fail(issues.slice(0, Input.maxIssues))

const missingPart: FieldIssue.FieldIssue = {
  path: ["part"],
  message: "Expected the part that an adapter's definition makes: it is missing",
}

/** A decoded change, and the vendor's part as the caller passed it. */
export interface DecodedChange<ChangedSpec> {
  readonly change: SyncChange<ChangedSpec>
  readonly part: VendorPart | undefined
}

/** Decodes a change for a vendor. Fails with everything that is wrong, and where it has no field. */
export const syncChange = <Ids, Native, Spec, ChangedSpec>(
  input: unknown,
  vendor: string,
  {
    schedules,
    names = "optional",
    changedSpec: schema,
    changeIssues = () => [],
  }: AdministrationPart<Ids, Native, Spec, ChangedSpec>,
): Result.Result<DecodedChange<ChangedSpec>, Issues> => {
  const { issues, part, ...portable } = tryFields(input, vendor, { schedules, names })
  const decoded = part && decodeSpec(schema, part)
  const specIssues = decoded && Result.isFailure(decoded) ? decoded.failure : []
  const decodedPart = decoded && Result.isSuccess(decoded) ? decoded.success : undefined
  const change = { ...portable, ...(decodedPart && { spec: decodedPart.spec }) }
  const isEmpty = issues.length + specIssues.length === 0 && Object.keys(change).length === 0
  const all = [
    ...issues,
    ...(isEmpty ? [{ path: [], message: "Expected at least one field to change" }] : []),
    ...specIssues,
    ...(specIssues.length === 0 ? changeIssues(change) : []),
  ]
  return all.length === 0 ? Result.succeed({ change, part: decodedPart?.part }) : failure(all)
}
