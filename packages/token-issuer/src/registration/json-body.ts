import type { Failure } from "../failure.ts";
import { isFailure } from "../failure.ts";
import { decodeUtf8 } from "../form.ts";
import { BODY_LIMIT, cut, headerValues, type IssuerRequest } from "../request.ts";
import { type JsonObject, parseJsonObject } from "../strict-json.ts";

const JSON_TYPE = /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i;

/** Reads a JSON object that was sent, strictly: in UTF-8, no member twice, not compressed. */
export function readJson(request: IssuerRequest): JsonObject | Failure {
  const [contentType = "", second] = headerValues(request, "content-type");
  if (second !== undefined || !JSON_TYPE.test(contentType))
    return { reason: "wrong_content_type", contentType: cut(contentType), expected: "application/json" };
  const [contentEncoding = "identity"] = headerValues(request, "content-encoding");
  if (contentEncoding.toLowerCase() !== "identity")
    return { reason: "encoded_content", contentEncoding: cut(contentEncoding) };
  if (request.body === "too-large" || request.body.length > BODY_LIMIT)
    return { reason: "body_too_large", limit: BODY_LIMIT };
  const text = decodeUtf8(request.body);
  if (isFailure(text)) return { reason: "malformed_json", problem: "utf8" };
  const read = parseJsonObject(text);
  return typeof read === "string" ? { reason: "malformed_json", problem: read } : read;
}
