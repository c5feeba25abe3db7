import type { TenantState } from "../../gql/graphql.ts";

/** The views of the list, by the word in the address. */
const states = {
  active: "ACTIVE",
  suspended: "SUSPENDED",
  deleted: "DELETED",
} as const satisfies Record<string, TenantState>;

export type View = keyof typeof states;
export const views = Object.keys(states) as readonly View[];

/** The address's parameters; what they do not know counts as left out. */
export interface Search {
  readonly view?: string | undefined;
  readonly q?: string | undefined;
  /** `tenant`: one is to be made. */
  readonly new?: string | undefined;
  /** The id of the one whose sheet is open. */
  readonly open?: string | undefined;
}

/** The parameters as an address takes them: what is left out is not there. */
export const inAddress = (search: Search): { view?: string; q?: string; new?: string; open?: string } =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value));

export const viewOf = ({ view }: Search): View | undefined => views.find((one) => one === view);

/** What the list of this address is asked with. */
export const filterOf = (search: Search): { search: string | null; state: TenantState | null } => {
  const view = viewOf(search);
  return { search: search.q?.trim() || null, state: view ? states[view] : null };
};
