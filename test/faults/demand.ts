import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { Installation } from "../support/installation.ts";
import type { Bootstrapped } from "../support/server.ts";
import { askToken, decodeJwt } from "../support/token.ts";

/** A token that somebody received. */
interface Received {
  readonly jti: string;
  readonly clientId: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** Callers who ask for tokens all the time, and never give up. */
export interface Demand {
  readonly received: readonly Received[];
  /** How often each status was answered; 0 is a broken connection. */
  readonly statuses: ReadonlyMap<number, number>;
  /** When the last token was received, by `performance.now()`. */
  lastAt(): number;
  stop(): Promise<void>;
}

export function startDemand(client: Bootstrapped, callers = 8): Demand {
  const received: Received[] = [];
  const statuses = new Map<number, number>();
  let last = 0;
  let isOver = false;
  const ask = async (): Promise<void> => {
    while (!isOver) {
      const answer = await askToken(client, { resource: client.resource }).catch(() => undefined);
      const status = answer?.status ?? 0;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (answer?.status === 200) {
        const { claims } = decodeJwt(String(answer.json()["access_token"]));
        received.push({
          jti: String(claims["jti"]),
          clientId: String(claims["client_id"]),
          exp: Number(claims["exp"]),
        });
        last = performance.now();
      } else await pause(20);
    }
  };
  const all = Promise.all(Array.from({ length: callers }, ask));
  return {
    received,
    statuses,
    lastAt: () => last,
    async stop() {
      isOver = true;
      await all;
    },
  };
}

/** Every token that was received has exactly one row, with its client and its end; the counters count what the log holds. */
export async function expectRecorded(installation: Installation, received: readonly Received[]): Promise<void> {
  const rows = (await installation.query(
    `select json_build_object('jti', jti, 'clientId', client_id, 'exp', extract(epoch from expires_at)::bigint)::text
     from token_log where outcome = 'issued'`,
  )) as string[];
  const byJti = new Map<string, Received[]>();
  for (const row of rows.map((text) => JSON.parse(text) as Received))
    byJti.set(row.jti, [...(byJti.get(row.jti) ?? []), row]);
  const wrong = received.filter((token) => JSON.stringify(byJti.get(token.jti)) !== JSON.stringify([token]));
  expect({ received: received.length, wrong: wrong.slice(0, 3) }).toEqual({ received: received.length, wrong: [] });
  expect(new Set(received.map(({ jti }) => jti)).size).toBe(received.length);
  const counted = await installation.query("select coalesce(sum(issued), 0)::int from usage_hours");
  expect(counted).toEqual([rows.length]);
}
