/**
 * How far this machine's clock is from the database's at least, in milliseconds; positive: ahead. The database read its
 * clock somewhere between sending and the answer, so a slow answer proves little, and never a clock that is right wrong.
 */
export function clockError(sentAt: number, answeredAt: number, databaseAt: number): number {
  if (databaseAt < sentAt) return sentAt - databaseAt;
  return databaseAt > answeredAt ? answeredAt - databaseAt : 0;
}
