import type { DeliveryProblem } from "./channels.ts";

/**
 * What went wrong with a delivery, why, and what to do.
 *
 * @param status that a webhook's receiver answered
 * @param memberId of whom it was mailed to
 */
export function explainDelivery(
  problem: DeliveryProblem,
  { status, memberId }: { readonly status: number | null; readonly memberId: string | null },
): string {
  switch (problem) {
    case "address":
      return "This is no https address. Correct it.";
    case "not_public":
      return "The address is not on the public internet, so this server does not connect to it. Choose a public one, or ask the operator to open it with WEBHOOK_ALLOW.";
    case "certificate":
      return "The receiver's certificate is not trusted. Renew it, or have an authority sign it that everybody knows.";
    case "unreachable":
      return "Nobody answered at that address. Check that the receiver runs and can be reached.";
    case "slow":
      return "The receiver took longer than 5 seconds. Answer first and work afterwards.";
    case "redirect":
      return `The receiver answered ${status}, a redirect, which is not followed. Name the final address.`;
    case "status":
      return `The receiver answered ${status}. It takes a notice with a status from 200 to 299.`;
    case "mail":
      return "The mail server did not take it. The operator finds its answer in the server's log.";
    case "server":
      return "This server could not send it. The operator finds the reason in the server's log.";
    case "off":
      return memberId !== null
        ? "By then they had no confirmed address, or this server sent no mail. They confirm theirs in their account; this notice is not sent again."
        : "The webhook was off by then. Turn it on; this notice is not sent again.";
  }
}
