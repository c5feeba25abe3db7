/** Days before a credential's end at which its owner is told; 0 is the end itself. */
export const noticeSteps = [30, 14, 7, 3, 1, 0] as const;
export type NoticeStep = (typeof noticeSteps)[number];

/** Days that a server which was away looks back: what passed before is told no more. */
export const LOOK_BACK_DAYS = 7;

/** The schedule as everybody may read it: it stands in the API's description and in the console. */
export const noticeSchedule =
  "A notice is sent 30, 14, 7, 3 and 1 days before a credential ends, and when it has ended; each once. " +
  "What was made with less time ahead skips the steps that had passed.";

/** Hours in between are hours: a day has 24, whatever a clock on the wall does. */
export const DAY_MS = 86_400_000;

/** When a step of that end comes. */
export const momentOf = (endsAt: Date, step: NoticeStep): number => endsAt.getTime() - step * DAY_MS;

interface Life {
  /** A step that had come by then says nothing new. */
  readonly createdAt: Date;
  readonly endsAt: Date;
}

/**
 * The step that is told of now: the latest that has come, where it came after the last look. Those before it, which a
 * server slept through, are told no more.
 *
 * @param since the last look, for which everything up to that instant was told
 * @returns undefined: nothing new
 */
export function dueStep({ createdAt, endsAt }: Life, since: Date, now: Date): NoticeStep | undefined {
  const latest = noticeSteps.findLast((step) => momentOf(endsAt, step) <= now.getTime());
  if (latest === undefined) return undefined;
  const moment = momentOf(endsAt, latest);
  return moment > since.getTime() && moment > createdAt.getTime() ? latest : undefined;
}
