import { setTimeout as pause } from "node:timers/promises";
import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from "jose";
import { type Credentials, decodeJwt, fetchToken } from "../support/token.ts";

/** Somebody who checks tokens offline, with a key set of their own. */
export interface Verifier {
  readonly name: string;
  /** Rejects where the token is not to be believed. */
  verify(token: string): Promise<unknown>;
}

interface Place {
  readonly jwksUri: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Keeps the set for as long as it may, to the millisecond, and looks for nothing that is not in it: nobody is stricter. */
function byTheBook({ jwksUri, issuer, audience }: Place): Verifier {
  let held: { readonly keys: ReturnType<typeof createLocalJWKSet>; readonly until: number } | undefined;
  return {
    name: "a cache that keeps the set for its max-age and never looks before",
    async verify(token) {
      if (!held || held.until <= Date.now()) {
        const began = Date.now();
        // Once more where an idle connection ended under it, as HTTP clients do (RFC 9110 §9.2.2).
        const response = await fetch(jwksUri).catch(() => fetch(jwksUri));
        const [, maxAge = "0"] = /max-age=(\d+)/.exec(response.headers.get("cache-control") ?? "") ?? [];
        held = { keys: createLocalJWKSet(await response.json()), until: began + Number(maxAge) * 1000 };
      }
      return jwtVerify(token, held.keys, { issuer, audience });
    },
  };
}

/** Verifiers with caches of their own: ours by the book, jose as it comes but for max-age, and Amazon's library. */
export function verifiersOf(place: Place, maxAge: number): readonly Verifier[] {
  const { jwksUri, issuer, audience } = place;
  const jose = createRemoteJWKSet(new URL(jwksUri), { cacheMaxAge: maxAge * 1000 });
  // It fetches again for a kid that it does not know; a kid that is not there then locks it up for ten seconds.
  const fetcher = { fetch: async (uri: string) => (await fetch(uri)).arrayBuffer() };
  const amazon = JwtVerifier.create({ issuer, audience, jwksUri }, { jwksCache: new SimpleJwksCache({ fetcher }) });
  return [
    byTheBook(place),
    { name: "jose", verify: (token) => jwtVerify(token, jose, { issuer, audience }) },
    { name: "aws-jwt-verify", verify: (token) => amazon.verify(token) },
  ];
}

/** What was found while keys rotated. */
export interface Checked {
  readonly tokens: number;
  readonly verifications: number;
  readonly failures: readonly string[];
  /** Keys that signed, in the order of their coming. */
  readonly kids: readonly string[];
}

/**
 * Asks for tokens all the time and gives each to every verifier at once, and an older one besides, until the keys have
 * rotated that many times.
 */
export async function verifyWhileRotating(
  client: Credentials,
  verifiers: readonly Verifier[],
  rotate: () => Promise<unknown>,
  rotations: number,
): Promise<Checked> {
  const [kids, failures, kept]: [string[], string[], string[]] = [[], [], []];
  let [tokens, verifications, isOver] = [0, 0, false];
  const check = async (token: string) => {
    for (const { name, verify } of verifiers) {
      verifications++;
      await verify(token).catch((error: Error) => failures.push(`${name}: ${error.message}`));
    }
  };
  const asking = async () => {
    while (!isOver) {
      const token = await fetchToken(client);
      const kid = String(decodeJwt(token).header["kid"]);
      if (!kids.includes(kid)) {
        kids.push(kid);
        kept.push(token);
      }
      tokens++;
      await check(token);
      await check(kept[tokens % kept.length] ?? token);
    }
  };
  const rotating = async () => {
    while (kids.length === 0) await pause(10);
    for (let known = kids.length; known <= rotations; known++) {
      await rotate();
      const patience = Date.now() + 30_000;
      while (kids.length === known) {
        if (Date.now() > patience) throw new Error(`the key did not change within 30 s, after ${known} of them`);
        await pause(20);
      }
    }
    for (const token of kept) await check(token);
  };
  await Promise.all([...Array.from({ length: 4 }, asking), rotating().finally(() => (isOver = true))]);
  return { tokens, verifications, failures, kids };
}
