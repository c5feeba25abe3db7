/** Runs work when there is room for it. */
type Room = <T>(work: () => Promise<T>) => Promise<T>;

/** Room for so many at once; the others wait in their order. */
export function roomFor(most: number): Room {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

/** Changes of one tenant wait for its counter anyway; one runs while the one before it commits. */
const CHANGES_OF_A_TENANT = 2;

/** Below the size of the pool, so that reads go on while changes wait for locks. */
const CHANGES = 4;

/**
 * Lets few changes run at once, and fewer of one tenant: each holds a connection, and what one tenant does must not
 * take them all.
 */
export function takingTurns(ofAll = CHANGES, ofTenant = CHANGES_OF_A_TENANT) {
  const all = roomFor(ofAll);
  const tenants = new Map<string, { readonly room: Room; users: number }>();
  return async <T>(tenantId: string, work: () => Promise<T>): Promise<T> => {
    const tenant = tenants.get(tenantId) ?? { room: roomFor(ofTenant), users: 0 };
    tenants.set(tenantId, tenant);
    tenant.users++;
    try {
      return await tenant.room(() => all(work));
    } finally {
      tenant.users--;
      if (tenant.users === 0) tenants.delete(tenantId);
    }
  };
}

/** The turns of this process's changes. */
export const inTurn = takingTurns();
