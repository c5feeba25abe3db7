import { readCompactJws } from "../compact-jws.ts";
import { type Failure, isFailure } from "../failure.ts";
import { operatorSentence } from "../failure-sentences.ts";
import { ruleSentence } from "../sentences/federation.ts";
import type { FederatedCredential } from "../store.ts";
import { FOREIGN_TYPES, hasType, readEnd } from "./client-assertion.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { foreignTokenFailure, judgeForeignToken, type Surroundings } from "./foreign-token.ts";
import { checkRules, type RuleCheck } from "./match-rules.ts";

/** One rule, and how the token differs from it, in a sentence for people. */
export interface TestedRule extends RuleCheck {
  /** `undefined`: it holds. */
  readonly difference: Difference | undefined;
  readonly sentence: string | undefined;
}

/** What one federated credential says to a token. */
export interface TestedCredential {
  readonly id: string;
  readonly rules: readonly TestedRule[];
  /** Why it does not trust the token although every rule holds: its own time, the keys, the signature. */
  readonly problem: string | undefined;
  readonly isTrusted: boolean;
}

/** What federated credentials would say to a token now. Nothing of the token is kept. */
export interface ForeignTokenTest {
  /** Why no credential could ever trust it, or not now: what is no JWT, and what has ended. */
  readonly problem: string | undefined;
  /** The nearest first. */
  readonly credentials: readonly TestedCredential[];
}

/** Tries a token at each of these credentials by itself. The keys of an issuer are asked for where every rule holds. */
export async function testForeignToken(
  call: Surroundings,
  credentials: readonly FederatedCredential[],
  text: string,
): Promise<ForeignTokenTest> {
  const token = readCompactJws(text.trim());
  if (typeof token === "string") return unusable({ reason: "malformed_assertion", problem: token });
  if (!hasType(token, FOREIGN_TYPES)) return unusable({ reason: "malformed_assertion", problem: "type" });
  const end = readEnd(token.payload, call.clock.now());
  const tested = await Promise.all(
    credentials.map(async (credential) => {
      const rules = checkRules(credential, token.payload).map(explained);
      const judged = await judgeForeignToken(call, [credential], token);
      const isWhole = rules.every(({ holds }) => holds);
      const attempt = { clientId: "", method: "federated_jwt" } as const;
      const problem =
        isWhole && judged.state !== "trusted"
          ? operatorSentence({ ...attempt, ...foreignTokenFailure(judged, token) }).replace(" of client ''", "")
          : undefined;
      return { id: credential.id, rules, problem, isTrusted: judged.state === "trusted" && !isFailure(end) };
    }),
  );
  const failing = ({ rules }: TestedCredential) => rules.filter(({ holds }) => !holds).length;
  return {
    problem: isFailure(end) ? operatorSentence(end) : undefined,
    credentials: tested.toSorted((one, other) => failing(one) - failing(other)),
  };
}

const unusable = (failure: Failure): ForeignTokenTest => ({ problem: operatorSentence(failure), credentials: [] });

function explained(check: RuleCheck): TestedRule {
  if (check.holds) return { ...check, difference: undefined, sentence: undefined };
  const difference = differenceOf(check.expected, check.presented);
  const { kind, distance } = difference;
  const presented = check.presented ?? "";
  return { ...check, difference, sentence: ruleSentence({ ...check, presented, difference: kind, distance }) };
}
