import { countdown } from "../format.ts";
import { Badge } from "../ui/badge.tsx";
import { Id } from "../ui/id.tsx";
import { useNow } from "../ui/time.tsx";
import { checksOf } from "./checks.ts";
import type { Target } from "./revealed.ts";
import type { Refused, TestResult } from "./test-run.ts";
import { words } from "./text.ts";
import { useReason } from "./use-reason.ts";

/** An instant of a claim (seconds, RFC 7519 §2), counting up or down. */
function Instant({ name, value }: { name: string; value: unknown }) {
  const now = useNow();
  if (!["exp", "iat", "nbf"].includes(name) || typeof value !== "number") return null;
  const left = value * 1000 - now;
  if (left > 0) return name === "exp" ? words.endsIn(countdown(left)) : words.now;
  return name === "exp" ? words.ended : words.ago(countdown(-left));
}

function Member({ name, value }: { name: string; value: unknown }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value)}{" "}
        <small>
          <Instant name={name} value={value} />
        </small>
      </dd>
    </div>
  );
}

function Members({ title, of }: { title: string; of: Readonly<Record<string, unknown>> }) {
  return (
    <>
      <h3>{title}</h3>
      <dl>
        {Object.entries(of).map(([name, value]) => (
          <Member key={name} name={name} value={value} />
        ))}
      </dl>
    </>
  );
}

/** Why there is no token: the server's words, its code, and the id that finds the request. */
function Refusal({ refused }: { refused: Refused }) {
  const reason = useReason(refused.correlationId);
  const why = refused.why || (refused.status === 0 ? words.unreachable : words.unexplained);
  return (
    <div className="panel-body reveal-refusal">
      {reason && <p>{reason}</p>}
      <p className={reason ? "soft" : undefined}>
        {refused.code && <code>{refused.code}</code>} {why}
      </p>
      {refused.correlationId && (
        <p className="muted small">
          {words.request} <Id id={refused.correlationId} what="request ID" />
        </p>
      )}
    </div>
  );
}

const ORDER = ["iss", "sub", "client_id", "aud", "scope", "iat", "exp", "jti"];

/** The claims that everybody asks for first, in one order whatever the token's. */
function inOrder(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const place = (name: string) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
  return Object.fromEntries(Object.entries(claims).toSorted(([a], [b]) => place(a) - place(b)));
}

/** One line: whether a token came, how fast, and the sum of the checks. */
export function Headline({ result, target }: { result: TestResult; target: Target | undefined }) {
  const status = result.ok ? result.status : result.refused.status;
  const isGood = result.ok && checksOf(result, target).every((check) => check.status === "active");
  return (
    <>
      <Badge status={!result.ok ? "broken" : isGood ? "active" : "attention"}>
        {result.ok ? words.issued : words.refused}
      </Badge>
      {status > 0 && <span className="soft num">{words.status(status, result.took)}</span>}
    </>
  );
}

/** The token, decoded, with what was checked of it; or why there is none. */
export function TestDetails({ result, target }: { result: TestResult; target: Target | undefined }) {
  if (!result.ok) return <Refusal refused={result.refused} />;
  return (
    <div className="reveal-token">
      <div>
        <Members title={words.header} of={result.token.header} />
        <h3>{words.checks}</h3>
        <ul>
          {checksOf(result, target).map((check) => (
            <li key={check.id}>
              <Badge status={check.status}>{check.words}</Badge>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <Members title={words.claims} of={inOrder(result.token.claims)} />
      </div>
    </div>
  );
}
