import { type MintedToken, mintAccessToken, type TokenAnswer, tokenAnswer } from "./access-token.ts";
import type { Call } from "./call.ts";
import { type Failure, isFailure } from "./failure.ts";
import type { Grant } from "./grant-policy.ts";
import { type IssuedToken, recordIssued } from "./token-log.ts";

/** Turns a grant into an answer: record, sign while the row is being committed, hand out when both are done. */
export async function issue(call: Call, grant: Grant): Promise<TokenAnswer | Failure> {
  const recording = recordIssued(call, grant);
  if (isFailure(recording)) return recording;
  const [minted, row] = await Promise.all([mintMeanwhile(recording.token), recording.row]);
  return isFailure(row) ? row : tokenAnswer(minted, row);
}

/** Signing starts once the row is sent, so that processor and disk work at the same time. */
async function mintMeanwhile(token: IssuedToken): Promise<MintedToken> {
  await nextTurn();
  return mintAccessToken(token);
}

let turn: Promise<void> | undefined;

/** One turn for all that wait for it: a timer for each token would cost as much as its claims. */
const nextTurn = (): Promise<void> =>
  (turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined;
      resolve();
    });
  }));
