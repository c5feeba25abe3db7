import { countdown } from "../format.ts";
import { Badge } from "../ui/badge.tsx";
import { Id } from "../ui/id.tsx";
import { useNow } from "../ui/time.tsx";
import { checksOf } from "./checks.ts";
import type { Target } from "./revealed.ts";
import type { Refused, TestResult } from "./test-run.ts";
import { words } from "./text.ts";

/** What a claim means to a reader; instants (seconds, RFC 7519 §2) count up or down. */
function Meaning({ name, value }: { name: string; value: unknown }) {
  const now = useNow();
  if (!["exp", "iat", "nbf"].includes(name) || typeof value !== "number") return words.meaning[name] ?? null;
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
          <Meaning name={name} value={value} />
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
  const why = refused.why || (refused.status === 0 ? words.unreachable : words.unexplained);
  return (
    <div className="panel-body test-refusal">
      <p>{why}</p>
      {refused.code && <code className="muted">{refused.code}</code>}
      {refused.correlationId && (
        <p className="muted small">
          {words.request} <Id id={refused.correlationId} what="request ID" />
        </p>
      )}
    </div>
  );
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
    <div className="token">
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
        <Members title={words.claims} of={result.token.claims} />
      </div>
    </div>
  );
}
