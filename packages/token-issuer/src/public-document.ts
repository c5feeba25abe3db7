import { createHash } from "node:crypto";
import { headerValues, type IssuerRequest, type IssuerResponse } from "./request.ts";

/** Answers with a document that anyone may read and keep for `maxAge` seconds; 304 when the caller has it (RFC 9110 §13.1.2). */
export function publicDocument(
  request: IssuerRequest,
  body: string,
  maxAge: number,
  type = "application/json",
): IssuerResponse {
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const headers = { "Cache-Control": `public, max-age=${maxAge}`, ETag: etag, "X-Content-Type-Options": "nosniff" };
  if (hasAlready(request, etag)) return { status: 304, headers };
  return { status: 200, headers: { "Content-Type": type, ...headers }, body };
}

/** Weak comparison: a proxy that compresses may have marked our tag `W/`. */
function hasAlready(request: IssuerRequest, etag: string): boolean {
  const tags = headerValues(request, "if-none-match").flatMap((value) => value.split(","));
  return tags.some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}
