/** The words about when something ends. */
export const words = {
  expires: "Expires",
  never: "Never",
  days: (count: number) => (count === 1 ? "1 day" : `${count} days`),
  other: "Other date",
  date: "Date",
  neverHelp: "It works until somebody revokes it.",
  ends: (instant: string) => `It ends on ${instant}.`,
  ceiling: (days: number, from: string) => `At most ${days} days here: set ${from}.`,
  mustEnd: (from: string) => `It has to end: set ${from}.`,
  past: "Choose a day that is still to come.",
  late: (days: number) => `Choose a day within the next ${days} days.`,
} as const;
