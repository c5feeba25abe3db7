import { useMemo, useState } from "react";
import type { ApiChoiceFragment } from "../../gql/graphql.ts";
import { type Expiry, firstExpiry } from "../expiry/expiry.ts";
import type { Allowed } from "./limits.ts";
import { proposed, type Template, templates } from "./templates.ts";

/** What a pre-filled link may say. */
export interface Prefill {
  readonly template?: string | undefined;
  readonly name?: string | undefined;
  /** An API's identifier or id. */
  readonly api?: string | undefined;
  /** Scope names, with spaces between. */
  readonly scopes?: string | undefined;
  /** Seconds. */
  readonly ttl?: string | undefined;
}

/** What was entered so far. */
export interface Draft {
  readonly name: string;
  readonly template: Template;
  readonly description: string;
  /** Seconds; null leaves it to the workspace. */
  readonly tokenLife: number | null;
  readonly expiry: Expiry;
  /** Ids of the scopes chosen. */
  readonly scopes: ReadonlySet<string>;
}

const lifeWithin = (seconds: number | null, { longestToken }: Allowed): number | null =>
  seconds !== null && seconds >= 60 && seconds <= longestToken ? seconds : null;

/** The scopes to begin with: those of the link, or what the template proposes for the only API there is. */
function startScopes(prefill: Prefill, template: Template, apis: readonly ApiChoiceFragment[]): ReadonlySet<string> {
  const named = apis.find(({ id, identifier }) => prefill.api !== undefined && [id, identifier].includes(prefill.api));
  const wanted = prefill.scopes?.split(" ") ?? [];
  if (named) return new Set(named.scopes?.filter(({ name }) => wanted.includes(name)).map(({ id }) => id));
  const [only, second] = apis;
  if (!only || second || only.isOwnApi) return new Set();
  return new Set(proposed(only.scopes ?? [], template.proposes).map(({ id }) => id));
}

function filledBy(template: Template, apis: readonly ApiChoiceFragment[], allowed: Allowed, prefill: Prefill) {
  const asked = prefill.ttl === undefined ? template.tokenLife : Number(prefill.ttl);
  return {
    template,
    description: template.description,
    tokenLife: lifeWithin(asked, allowed),
    expiry: firstExpiry(allowed.secret.days, template.secretDays),
    scopes: startScopes(prefill, template, apis),
  };
}

/** The entries of the sheet. Another template fills in anew what nobody has touched. */
export function useDraft(prefill: Prefill, apis: readonly ApiChoiceFragment[], allowed: Allowed) {
  const first = templates.find(({ id }) => id === prefill.template) ?? templates[0];
  const [draft, setDraft] = useState<Draft>(() => ({
    name: prefill.name ?? "",
    ...filledBy(first, apis, allowed, prefill),
  }));
  const [touched, setTouched] = useState<ReadonlySet<keyof Draft>>(new Set());
  const change = (next: Partial<Draft>) => {
    setTouched((before) => new Set([...before, ...(Object.keys(next) as (keyof Draft)[])]));
    setDraft((before) => ({ ...before, ...next }));
  };
  const choose = (template: Template) =>
    setDraft((before) => {
      const filled = Object.entries(filledBy(template, apis, allowed, {}));
      return { ...before, ...Object.fromEntries(filled.filter(([key]) => !touched.has(key as keyof Draft))), template };
    });
  return useMemo(() => ({ draft, change, choose, isTouched: touched.size > 0 }), [draft, touched]);
}
