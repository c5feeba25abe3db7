import type { Failure, ResourceProblem } from "./failure.ts";
import type { Form } from "./form.ts";
import { cut } from "./request.ts";

// absolute-URI = scheme ":" hier-part [ "?" query ], in the characters of a URI   RFC 3986 §4.3
const ABSOLUTE = /^[A-Za-z][A-Za-z0-9+.-]*:./;
const URI_CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;

/** What keeps a string from being a resource indicator, or `undefined` (RFC 8707 §2). */
export function resourceProblem(text: string): ResourceProblem | undefined {
  if (text.includes("#")) return "fragment";
  if (!ABSOLUTE.test(text)) return "not_absolute";
  return URI_CHARACTERS.test(text) ? undefined : "character";
}

/**
 * Reads which APIs a token is for: `resource` (RFC 8707) or its alias `audience`, in the order given; none when neither
 * is there. Nothing is normalised: a near miss that were mended here would name another API elsewhere.
 */
export function parseResource(form: Form): readonly string[] | Failure {
  const resources = new Set(form.all("resource"));
  const audiences = new Set(form.all("audience"));
  const wanted = new Set([...resources, ...audiences]);
  for (const resource of wanted) {
    const problem = resourceProblem(resource);
    if (problem) return { reason: "malformed_resource", resource: cut(resource), problem };
  }
  // The alias may repeat what `resource` says; anything more is in doubt.
  const alike = wanted.size === resources.size && wanted.size === audiences.size;
  if (resources.size > 0 && audiences.size > 0 && !alike) return { reason: "resource_and_audience_differ" };
  return [...wanted];
}
