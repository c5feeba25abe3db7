import type { Database } from "@mintmark/db";

/** Gives a lease back, so that another server need not wait for its end. */
export async function giveBackLease({ sql }: Pick<Database, "sql">, name: string, holder: string): Promise<void> {
  await sql`delete from leases where name = ${name} and holder = ${holder}`;
}

/**
 * Takes or renews the lease on a recurring job, for one of several servers: a row with an expiry, so that it falls free
 * by itself when its holder is gone.
 *
 * @returns whether the holder has it now
 */
export async function takeLease(
  { sql }: Pick<Database, "sql">,
  name: string,
  holder: string,
  seconds: number,
): Promise<boolean> {
  const rows = await sql`
    insert into leases (name, holder, expires_at)
    values (${name}, ${holder}, clock_timestamp() + make_interval(secs => ${seconds}))
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
      where leases.holder = excluded.holder or leases.expires_at < clock_timestamp()
    returning name`;
  return rows.length > 0;
}
