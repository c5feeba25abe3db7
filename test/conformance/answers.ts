import { expect } from "vitest";
import type { Answer } from "../support/http.ts";

// error_description = 1*( %x20-21 / %x23-5B / %x5D-7E )   RFC 6749 §5.2
const ERROR_TEXT = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/;

/** What every token, introspection and revocation answer carries, and what none does. */
export function expectPrivate({ headers }: Answer): void {
  expect(headers["cache-control"]).toBe("no-store");
  expect(headers["pragma"]).toBe("no-cache");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["set-cookie"]).toBeUndefined();
}

/** A refusal with all it must say (RFC 6749 §5.2, and ours: `correlation_id`, `error_uri`). Returns its members. */
export function expectRefusal(answer: Answer, status: number, error: string): Record<string, unknown> {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
  expectPrivate(answer);
  expect(answer.headers["content-type"]).toMatch(/^application\/json/);
  const members = answer.json();
  expect(members).toMatchObject({
    error,
    error_description: expect.stringMatching(ERROR_TEXT),
    correlation_id: expect.stringMatching(/^req_[A-Za-z0-9]{22}$/),
  });
  expect(Object.keys(members).sort()).toEqual(["correlation_id", "error", "error_description", "error_uri"]);
  expect(members["error_uri"]).toMatch(ERROR_TEXT);
  expect(members["error_uri"]).toContain(`request=${members["correlation_id"]}`);
  expect(answer.body).not.toMatch(/\bat [\w.]+ \(|node_modules/);
  return members;
}

/** A token answer (RFC 6749 §5.1); returns its members. */
export function expectToken(answer: Answer): { access_token: string; expires_in: number; scope: string } {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  return answer.json() as { access_token: string; expires_in: number; scope: string };
}

/** What tells two refusals apart; empty when a caller cannot. */
export function differences(one: Answer, other: Answer): string[] {
  const plain = ({ status, headers, json }: Answer) => {
    const { date: _date, "x-correlation-id": _name, ...kept } = headers;
    const { correlation_id: _id, error_uri: _uri, ...members } = json();
    return Object.entries({ status, ...kept, ...members }).map(([name, value]) => `${name}: ${value}`);
  };
  const [left, right] = [plain(one), plain(other)];
  return [...left.filter((line) => !right.includes(line)), ...right.filter((line) => !left.includes(line))];
}
