import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, longest first: begun last, one of them would run on alone. */
const LONG = [
  "console/live",
  "console/pages",
  "console/settings",
  "console/journey",
  "console/roles",
  "console/members",
  "console/api-tokens",
  "console/interruptions",
  "admin/permissions",
  "admin/token-pulse",
  "faults/embedded-",
  "db/embedded",
  "admin/bad-input",
  "admin/idempotency",
  "admin/isolation",
  "faults/token-pulse",
  "faults/balanced-servers",
  "faults/several-servers",
  "faults/master-key",
  "conformance/secret-rotation",
  "conformance/signing-keys",
  "bench/bench",
  "faults/cold-start",
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONG.findIndex((part) => moduleId.includes(part));
  return at < 0 ? LONG.length : at;
};

/** Begins with the files that take longest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
