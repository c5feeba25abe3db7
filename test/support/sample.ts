const seed = Number(process.env["MINTMARK_TEST_SEED"] ?? 0);
const isWhole = process.env["MINTMARK_TEST_WHOLE"] === "1";

/**
 * One of so many of these cases, by the run's printed seed: what a mistake in one would be, others show too, and the next
 * run takes others. All of them with `MINTMARK_TEST_WHOLE=1`, as `pnpm prove everything` sets it.
 */
export const inThisRun = <T>(cases: readonly T[], oneIn = 2): T[] =>
  cases.filter((_, at) => isWhole || (at + seed) % oneIn === 0);

/** Files that take long, the longest first, and take turns: of four neighbours each run takes one. */
const inTurn = [
  "console/live",
  "console/members",
  "console/settings",
  "console/api-tokens",
  "console/interruptions",
  "console/own-account",
  "console/templates",
  "console/tenants",
  "console/switcher",
  "console/signing-keys",
  "console/client-keys",
  "console/secret-rotation",
  "console/federated",
  "console/doors",
  "console/workspaces",
  "console/personal-tokens",
  "console/registration",
  "console/client-approval",
  "console/imports",
  "console/single-sign-on",
  "console/audit",
  "console/bulk",
  "db/embedded",
  "admin/members",
  "faults/import-command",
  "conformance/origin-template",
  "faults/notices",
  "faults/log-tail",
  "admin/erasure",
  "faults/workers",
  "faults/full-spool",
  "conformance/client-algorithm",
  "conformance/token-uses",
  "admin/token-pulse",
  "faults/token-pulse",
  "faults/several-servers",
  "admin/imports",
  "faults/embedded-containers",
  "faults/embedded-signals",
  "faults/balanced-servers",
  "conformance/secret-rotation",
  "conformance/signing-keys",
  "conformance/federated",
  "faults/embedded-starters",
  "faults/embedded-kill",
  "faults/embedded-durability",
  "faults/master-key",
  "conformance/status-list",
  "conformance/revocation-sizes",
  "conformance/registration",
  "conformance/mtls",
  "admin/sso-life",
  "admin/generated-types",
  "admin/tenant-life",
  "bench/bench",
  "admin/withdrawal",
  "faults/steady-state",
  "admin/last-owner",
  "faults/cold-start",
  "faults/moved-server",
  "admin/log-export",
  "faults/audit-verify",
  "faults/embedded-refusals",
  "faults/embedded-full-disk",
  "admin/sign-in-hardening",
];

/** Those whose turn is another run's: none where a single file is asked for, or the whole. */
export const waiting: readonly string[] =
  isWhole || process.env["MINTMARK_TEST_SEED"] === undefined
    ? []
    : inTurn
        .filter((_, at) => (at + seed) % 4 !== 0)
        .map((name) => (name.startsWith("db/") ? `${name}.test.ts` : `test/${name}.test.ts`));
