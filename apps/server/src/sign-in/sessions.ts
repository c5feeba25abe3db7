import { type EndingSessions, endSessions, Refusal, sessionsOf } from "@mintmark/domain";
import { onlyMembers, type RouteAnswer, type SignedInExchange, SignInRefusal, text } from "./exchange.ts";
import { record } from "./proofs.ts";

/** `GET /sessions`: where the person is signed in. */
export async function listSessions({ installation, session }: SignedInExchange): Promise<RouteAnswer> {
  const sessions = await sessionsOf(installation, session.userId);
  return { body: { sessions: sessions.map((row) => ({ ...row, isCurrent: row.id === session.id })) } };
}

function wanted(exchange: SignedInExchange): EndingSessions {
  onlyMembers(exchange, "id", "others");
  const { id, others } = exchange.body;
  if (others === true && id === undefined) return { allBut: exchange.session.id };
  if (others === undefined) return { id: text(exchange, "id", 64) };
  const problem = "Say which sessions: either one id, or others: true.";
  throw new Refusal({ code: "INVALID_INPUT", path: ["id"], problem, mend: "Correct it and try again." });
}

/** `POST /sessions/end`: ends one session of the person's own, or all but this one, at once. */
export async function endOwnSessions(exchange: SignedInExchange): Promise<RouteAnswer> {
  const which = wanted(exchange);
  const { installation, session } = exchange;
  const ended = await endSessions(installation, session.userId, which);
  if (ended === 0 && "id" in which)
    throw new SignInRefusal(404, {
      code: "NOT_FOUND",
      message: "You have no such session.",
      fix: "Look at the list again.",
    });
  if (ended > 0) await record(exchange, session.userId, { type: "member.sessions-ended" });
  return { status: 204 };
}
