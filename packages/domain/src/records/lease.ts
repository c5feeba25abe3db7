import type { Database } from "@mintmark/db";

/** Gives a lease back, so that another server need not wait for its end. The row stays: it says when somebody had it. */
export async function giveBackLease({ sql }: Pick<Database, "sql">, name: string, holder: string): Promise<void> {
  await sql`
    update leases set expires_at = clock_timestamp()
    where name = ${name} and holder = ${holder} and expires_at > clock_timestamp()`;
}

/**
 * Takes or renews the lease on a recurring job, for one of several servers: a row with an expiry, so that it falls free
 * by itself when its holder is gone.
 *
 * @returns the end that it had before, with this holder or another; `null` where it had none; undefined: it is not to be had
 */
export async function takeLease(
  { sql }: Pick<Database, "sql">,
  name: string,
  holder: string,
  seconds: number,
): Promise<{ readonly formerEnd: Date | null } | undefined> {
  // A statement sees the row as it was before.
  const [taken] = await sql<{ formerEnd: Date | null }[]>`
    insert into leases (name, holder, expires_at)
    values (${name}, ${holder}, clock_timestamp() + make_interval(secs => ${seconds}))
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
      where leases.holder = excluded.holder or leases.expires_at < clock_timestamp()
    returning (select former.expires_at from leases former where former.name = leases.name) as "formerEnd"`;
  return taken;
}
