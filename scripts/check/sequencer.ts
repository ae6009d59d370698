/**
 * The order of the test files: first those that wait for processes and databases, while the other checks have the
 * processors; then the long ones; then the many short ones, so that all workers end together.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node"

const order: ReadonlyArray<RegExp> = [
  /examples\/test\//,
  /journal-sql\/test\/(?:postgres|sqlite|mutants)/,
  /crash\/test\/(?:keys|crash)/,
  /cli\/test\/(?:commands|terminal|demo|bad|story|doctor)/,
  /docs\/test\//,
  /test\/conformance\.test/,
  /conformance\/test\/example/,
  /simulation\/test\//,
  /test\/hostile/,
  /conformance\/test\//,
]

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = order.findIndex((pattern) => pattern.test(moduleId))
  return place < 0 ? order.length : place
}

export class Sequencer extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    return files.toSorted((one, other) => placeOf(one) - placeOf(other) || one.moduleId.localeCompare(other.moduleId))
  }
}
