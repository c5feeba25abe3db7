import { createCipheriv, type KeyObject } from "node:crypto";
import { constants, deflateSync } from "node:zlib";
import type { Call } from "./call.ts";
import type { Failure } from "./failure.ts";
import { publicDocument } from "./public-document.ts";
import type { IssuerResponse } from "./request.ts";
import { signJwt } from "./sign-jwt.ts";
import { chooseSigningKey } from "./signing-keys.ts";
import { type Client, type Issuer, StoreUnavailable } from "./store.ts";

/** What a token says of its place in a list (Token Status List §6.2). */
export interface StatusClaim {
  readonly status_list: { readonly idx: number; readonly uri: string };
}

/** Places of a list, each one bit. Clients' numbers are drawn from as many. */
export const STATUS_PLACES = 1 << 20;
/** Seconds that a verifier may keep a list, and that it may be believed at all. */
const TTL = 10;
const LIFETIME = 60;
/** Seconds that one signature serves: however many ask, a list is signed once in it. */
const SIGNED_FOR = 1;
/** Hours that a token can live at most, with one more for clocks. */
const OLDEST = 25;
const HOUR = 3600;

const places = new WeakMap<Client, { readonly hour: number; readonly cutOffs: number; readonly status: StatusClaim }>();

/** One list of an issuer: the hour of issue, and how many cut-offs of the whole issuer there were before. */
interface ListName {
  readonly hour: number;
  readonly cutOffs: number;
}

const nameOf = ({ hour, cutOffs }: ListName): string => (cutOffs === 0 ? `${hour}` : `${hour}-${cutOffs}`);

function readName(text = ""): ListName | undefined {
  const [, hour, cutOffs = "0"] = /^([1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(text) ?? [];
  return hour === undefined ? undefined : { hour: Number(hour), cutOffs: Number(cutOffs) };
}

/**
 * A client's place in the list of the hour of issue; worked out once an hour, without anybody being asked. Each hour has
 * a list of its own, and another one after a cut-off of the whole issuer, so a place is never used for anything else again.
 *
 * @throws StoreUnavailable when the store gave the client no number
 */
export function statusOf(issuer: Issuer, client: Client, iat: number): StatusClaim | undefined {
  const { statusKey: key, cutOffs = 0 } = issuer;
  if (key === undefined) return undefined;
  const list = { hour: Math.floor(iat / HOUR), cutOffs };
  const known = places.get(client);
  if (known?.hour === list.hour && known.cutOffs === cutOffs) return known.status;
  if (client.statusNumber === undefined) throw new StoreUnavailable("the client has no number for the status list");
  const idx = placesOf(key, list)(client.statusNumber);
  const status = { status_list: { idx, uri: addressOf(issuer, list) } };
  places.set(client, { ...list, status });
  return status;
}

const addressOf = ({ url }: Issuer, list: ListName): string => `${url}/oauth2/status/${nameOf(list)}`;

const ROUNDS = 8;
const HALF_BITS = 10;
const HALF = 1 << HALF_BITS;

/**
 * Where numbers stand in a list: a permutation that nobody knows without the key, so that neither a number
 * nor what a client's places have in common can be told from them. A Feistel network whose rounds are tables of random
 * bits; one draw of 16 KiB for a list.
 */
function placesOf(key: KeyObject, { hour, cutOffs }: ListName): (number: number) => number {
  const nonce = Buffer.alloc(16);
  nonce.writeUInt32BE(hour);
  nonce.writeUInt32BE(cutOffs, 4);
  const stream = createCipheriv("aes-256-ctr", key, nonce).update(Buffer.alloc(ROUNDS * HALF * 2));
  return (number) => {
    let [left, right] = [number >> HALF_BITS, number & (HALF - 1)];
    for (let round = 0; round < ROUNDS; round++) {
      const mixed = stream.readUInt16LE((round * HALF + right) * 2) & (HALF - 1);
      [left, right] = [right, left ^ mixed];
    }
    return (left << HALF_BITS) | right;
  };
}

/** `GET {issuer}/oauth2/status/{list}` (Token Status List §8). */
export async function statusList(call: Call): Promise<IssuerResponse | Failure> {
  const { issuer, path, request, clock, store } = call;
  const { statusKey: key, cutOffs = 0 } = issuer;
  const seconds = Math.floor(clock.now().getTime() / 1000);
  const list = readName(path.list);
  if (key === undefined || list === undefined) return { reason: "unknown_path" };
  const age = Math.floor(seconds / HOUR) - list.hour;
  // Another server may have heard of one cut-off more.
  if (age < -1 || age > OLDEST || list.cutOffs > cutOffs + 1) return { reason: "unknown_path" };
  const ended = (await store.endedStatusNumbers?.(issuer)) ?? [];
  const known = signedLists.get(ended)?.get(nameOf(list));
  if (known && known.issuer === issuer && seconds - known.at < SIGNED_FOR)
    return publicDocument(request, await known.jwt, TTL, TYPE);
  const signer = chooseSigningKey(issuer, clock.now(), LIFETIME);
  if (!signer) return { reason: "no_signing_key", alg: issuer.signingAlgorithm };
  const jwt = signJwt(signer, "statuslist+jwt", {
    iss: issuer.url,
    sub: addressOf(issuer, list),
    iat: seconds,
    exp: seconds + LIFETIME,
    ttl: TTL,
    status_list: { bits: 1, lst: compressed(bitsOf(issuer, list, placesOf(key, list), ended)) },
  });
  const lists = signedLists.get(ended) ?? new Map<string, SignedList>();
  signedLists.set(ended, lists.set(nameOf(list), { issuer, at: seconds, jwt }));
  return publicDocument(request, await jwt, TTL, TYPE);
}

const TYPE = "application/statuslist+jwt";

interface SignedList {
  readonly issuer: Issuer;
  /** Seconds since 1970. */
  readonly at: number;
  readonly jwt: Promise<string>;
}
const signedLists = new WeakMap<readonly number[], Map<string, SignedList>>();

/**
 * One bit a place, the lowest of each byte first (§4.1). While the issuer is suspended no token counts, and of a list of before
 * a cut-off of the whole issuer none ever again.
 */
function bitsOf(
  { status, cutOffs = 0 }: Issuer,
  list: ListName,
  placeOf: (number: number) => number,
  ended: readonly number[],
): Buffer {
  const isOver = status === "suspended" || list.cutOffs < cutOffs;
  const bytes = Buffer.alloc(STATUS_PLACES / 8, isOver ? 0xff : 0);
  for (const number of ended) {
    const place = placeOf(number);
    bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (1 << (place & 7));
  }
  return bytes;
}

/**
 * ZLIB, §4.1. Runs are all that there is to find in so few bits: to look for more takes two hundred times as long, while
 * everybody waits, and saves a twentieth.
 */
const compressed = (bytes: Buffer): string =>
  deflateSync(bytes, { level: 9, strategy: constants.Z_RLE }).toString("base64url");
