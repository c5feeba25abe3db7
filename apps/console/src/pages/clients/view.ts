import type { ClientSort, ClientState, SortDirection } from "../../gql/graphql.ts";
import type { Sort } from "../../ui/table/columns.ts";

/** The views of the list, by the word in the address. */
export const states = {
  active: "ACTIVE",
  expiring: "CREDENTIAL_EXPIRING",
  expired: "CREDENTIAL_EXPIRED",
  unused: "NEVER_USED",
  disabled: "DISABLED",
  waiting: "WAITING",
} as const satisfies Record<string, ClientState>;

export type View = keyof typeof states;
export const views = Object.keys(states) as readonly View[];

const sorts = { name: "NAME", created: "CREATED", used: "LAST_USED" } as const satisfies Record<string, ClientSort>;
type SortName = keyof typeof sorts;

/** The address's parameters; what they do not know counts as left out. */
export interface Search {
  readonly view?: string | undefined;
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
}

/** The parameters as an address takes them: what is left out is not there. */
export const inAddress = ({ view, q, sort }: Search): { view?: string; q?: string; sort?: string } => ({
  ...(view && { view }),
  ...(q && { q }),
  ...(sort && { sort }),
});

export const viewOf = ({ view }: Search): View | undefined => views.find((one) => one === view);

/** `name` and `-used` as a table's sort; newest first where nothing is said. */
export function sortOf({ sort = "-created" }: Search): Sort & { by: SortName } {
  const by = (Object.keys(sorts) as SortName[]).find((name) => name === sort.replace(/^-/, ""));
  return by ? { by, direction: sort.startsWith("-") ? "desc" : "asc" } : { by: "created", direction: "desc" };
}

/** The way back into the address; the usual order is left out of it. */
export function sortWord({ by, direction }: Sort): string | undefined {
  const word = direction === "desc" ? `-${by}` : by;
  return word === "-created" ? undefined : word;
}

export interface ListVariables {
  readonly search: string | null;
  readonly state: ClientState | null;
  readonly sort: ClientSort;
  readonly direction: SortDirection;
}

/** What the server is asked for this address. */
export function variablesOf(search: Search): ListVariables {
  const view = viewOf(search);
  const { by, direction } = sortOf(search);
  return {
    search: search.q?.trim() || null,
    state: view ? states[view] : null,
    sort: sorts[by],
    direction: direction === "asc" ? "ASCENDING" : "DESCENDING",
  };
}
