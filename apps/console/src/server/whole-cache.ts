import { makeOperation, mapExchange } from "urql";

/**
 * Any change makes every cached answer stale, and what is on the screen is asked for again: one act may show in a list, in
 * the audit log and in what a person may do, and each page is a single request.
 */
export const wholeCacheExchange = mapExchange({
  onOperation: (operation) =>
    makeOperation(operation.kind, operation, { ...operation.context, additionalTypenames: ["Anything"] }),
});
