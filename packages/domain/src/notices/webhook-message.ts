/** A notice as it lies in the database. */
export interface KeptNotice {
  readonly createdAt: Date;
  /** Days before the end; 0: it has ended; null: a test. */
  readonly step: number | null;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The stable names of what a webhook is told. */
export const messageType = (step: number | null): string => {
  if (step === null) return "notice.test";
  return step === 0 ? "credential.ended" : "credential.ending";
};

/** What is sent to a webhook (Standard Webhooks: `type`, `timestamp`, `data`), the same at each attempt. */
export const webhookMessage = ({ createdAt, step, body }: KeptNotice): string =>
  JSON.stringify({ type: messageType(step), timestamp: createdAt.toISOString(), data: body });
